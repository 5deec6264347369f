import colors from 'picocolors';
import type { DemoFile } from './demo-file.js';

/** What a developer is told when Vouch is ready: where it is, and two commands that work as printed. */
export function toGreeting(demo: DemoFile, demoFile: string, notes: readonly string[]): string {
  const { clientId, clientSecret } = demo.platform;
  const body = {
    purpose: 'school-enrolment',
    region: demo.region,
    requirementSet: demo.requirementSet,
    subjects: demo.families[0]?.subjects,
    legalBasis: { type: 'consent', consentId: demo.consentId },
    timeBudgetMs: 5000,
  };
  const lines = [
    '',
    `${colors.bold(colors.green('Vouch is ready'))}  ${demo.httpUrl}`,
    ...notes.map((note) => colors.yellow(`  ${note}`)),
    '',
    `  API reference  ${demo.httpUrl}/docs`,
    `  gRPC           ${demo.lookupGrpcAddress}`,
    `  client         ${clientId}`,
    `  secret         ${clientSecret}`,
    `  all of it      ${demoFile}`,
    '',
    colors.bold('  Get a token:'),
    `TOKEN=$(curl -s -u '${clientId}:${clientSecret}' -d grant_type=client_credentials ${demo.tokenEndpoint} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    '',
    colors.bold('  Make a lookup (this family is invented, and has granted it):'),
    `curl -s ${demo.httpUrl}/v1/verifications -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '${JSON.stringify(body)}'`,
    '',
    colors.dim('  More: npm run demo · npm run people -- --help · npm run faults -- --help · Ctrl-C stops'),
    '',
  ];
  return lines.join('\n');
}
