import type { Text } from '@vouch/rules';
import type { Log } from 'sarif';
import { CODES, type Code } from './codes.js';
import type { Finding } from './finding.js';

/** Of what a SARIF log is made. */
export interface SarifOptions {
  /** Version of the tool. */
  readonly version: string;
  readonly language: keyof Text;
  /** Address of the catalogue's folder, `file:///…/`; files are relative to it. Left out: to the folder that the reader knows. */
  readonly base?: string | undefined;
}

const CATALOGUE_ROOT = 'CATALOGUE';

/** Findings as a SARIF 2.1.0 log, for code review. */
export function toSarif(findings: readonly Finding[], { version, language, base }: SarifOptions): Log {
  const codes = Object.keys(CODES) as Code[];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vouch catalogue lint',
            semanticVersion: version,
            language,
            rules: codes.map((code) => ({
              id: code,
              shortDescription: { text: CODES[code].title[language] },
              help: { text: CODES[code].remedy[language] },
              defaultConfiguration: { level: CODES[code].severity },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        ...(base === undefined ? {} : { originalUriBaseIds: { [CATALOGUE_ROOT]: { uri: base } } }),
        results: findings.map(({ code, severity, file, line, column, message, remedy }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: severity,
          message: { text: `${message[language]}${language === 'en' ? '. ' : '。'}${remedy[language]}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: CATALOGUE_ROOT },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
          // The same finding on another line is the same finding: what was looked at once need not be looked at again.
          partialFingerprints: { 'finding/v1': `${code} ${file} ${message.en}` },
        })),
      },
    ],
  };
}
