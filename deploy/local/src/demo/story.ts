import { type Access, type Consent, createPersonClient, createPlatformClient, ProblemError, type Verification } from '@vouch/client';
import { Faults } from '@vouch/proto/mock/v1/mock';
import { DEMO_CLAIM_TYPES, type DemoFamily, type DemoFile } from '@vouch/showcase';
import { createSpanId, createTraceId, readTraceFiles, renderTraceTree, toTraceparent } from '@vouch/telemetry';
import colors from 'picocolors';
import { type Cell, colourOf, drawTable } from './draw.js';
import { setFaults } from './faults.js';
import { tellOneMonthShort } from './one-month-short.js';
import { expectWord, PENDING_WITHIN_MS, untilDone } from './story-steps.js';
import { TEXTS, type Text } from './texts.js';

/** What the story needs. */
export interface Stage {
  readonly demo: DemoFile;
  readonly say: (text: Text) => string;
  /** The reader's language, as a caller asks for it. */
  readonly language: 'zh-CN' | 'en';
  /** One of Vouch's words in the reader's language. */
  readonly word: (word: string) => string;
  readonly print: (text: string) => void;
}

const TRACE_WITHIN_MS = 8_000;
/** Newest first: those of this story, and some before it. */
const MOST_ACCESSES = 6;

/** Tells the whole story against a running Vouch. Throws where something does not go as it should. */
export async function tellStory(stage: Stage): Promise<void> {
  const { demo, say, word, print } = stage;
  const family = demo.families[0] as DemoFamily;
  const platform = createPlatformClient(demo, demo.platform);
  const guardian = createPersonClient(demo, demo.guardian, family.guardian);
  let step = 0;
  const heading = (text: Text) => print(`\n${colors.bold(colors.cyan(`${++step}. ${say(text)}`))}`);

  heading(TEXTS.request);
  const asked = await platform.requestConsent({
    purpose: 'school-enrolment',
    claimTypes: DEMO_CLAIM_TYPES,
    subjects: family.subjects,
    maxUses: 10,
  });
  print(drawConsent(asked.body, { say, word }));

  heading(TEXTS.grant);
  const granted = await guardian.grant(asked.body.id);
  print(drawConsent(granted.body, { say, word }));
  expectWord(granted.body.status, 'granted');

  const lookup = (timeBudgetMs: number, traceparent?: string) =>
    platform.verify(
      {
        purpose: 'school-enrolment',
        region: demo.region,
        requirementSet: demo.requirementSet,
        subjects: family.subjects,
        legalBasis: { type: 'consent', consentId: asked.body.id },
        timeBudgetMs,
      },
      traceparent === undefined ? {} : { traceparent },
    );

  heading(TEXTS.lookup);
  const trace = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
  const first = await untilDone(platform, (await lookup(5_000, toTraceparent(trace))).body);
  print(drawVerification(first, { say, word }));
  expectWord(first.verdict, family.expected);

  heading(TEXTS.hang);
  await setFaults(demo, 'housing', Faults.create({ hang: true }));
  const partial = await lookup(1_200).finally(() => setFaults(demo, 'housing', undefined));
  print(drawVerification(partial.body, { say, word }));
  expectWord(partial.body.status, 'pending');

  heading(TEXTS.back);
  const completed = await untilDone(platform, partial.body);
  print(drawVerification(completed, { say, word }));
  expectWord(completed.status, 'complete');

  heading(TEXTS.withdraw);
  const withdrawn = await guardian.withdraw(asked.body.id);
  print(drawConsent(withdrawn.body, { say, word }));

  heading(TEXTS.refused);
  const refusal = await refusalOf(lookup(5_000));
  print(`   ${colors.red(String(refusal.status))} ${colors.bold(refusal.code)}  ${refusal.detail ?? refusal.title}`);
  expectWord(refusal.code, 'consent_withdrawn');

  heading(TEXTS.gone);
  const gone = await refusalOf(platform.verification(first.id));
  print(`   ${colors.red(String(gone.status))} ${colors.bold(gone.code)}  ${gone.detail ?? gone.title}`);
  expectWord(gone.code, 'verification_gone');

  heading(TEXTS.log);
  print(drawAccesses((await accessesOfChild(guardian, [first.id, completed.id])).slice(0, MOST_ACCESSES), { say, word }));

  await tellOneMonthShort(stage, heading);

  heading(TEXTS.trace);
  print(await drawTrace(demo, trace.traceId, say));
}

type Guardian = ReturnType<typeof createPersonClient>;

/** The child's accesses, once the audit has caught up with the verifications. */
async function accessesOfChild(guardian: Guardian, verificationIds: readonly string[]): Promise<readonly Access[]> {
  const until = Date.now() + PENDING_WITHIN_MS;
  for (;;) {
    const { subjects } = (await guardian.accessSubjects()).body;
    const child = subjects.find((subject) => subject.relation === 'child');
    const accesses = child ? (await guardian.accesses(child.subjectRef)).body.accesses : [];
    const answered = accesses.filter((access) => access.result === 'answered').map((access) => access.verificationId);
    const refused = accesses.some((access) => access.result === 'refused');
    if ((refused && verificationIds.every((id) => answered.includes(id))) || Date.now() > until) return accesses;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function refusalOf(call: Promise<unknown>) {
  try {
    await call;
  } catch (failure) {
    if (failure instanceof ProblemError) return failure.problem;
    throw failure;
  }
  throw new Error('Vouch answered where it should have refused');
}

type Words = Pick<Stage, 'say' | 'word'>;

const wordCell = (text: string, { word }: Words): Cell => ({ text: word(text), colour: colourOf(text) });
const inBold = (text: string, { word }: Words): string => colors.bold(colourOf(text)(word(text)));

function drawConsent(consent: Consent, words: Words): string {
  const { say } = words;
  const head = `   ${colors.dim(consent.id)}  ${say(TEXTS.status)}: ${inBold(consent.status, words)}`;
  // What was decided about each part says nothing any more once the whole is withdrawn.
  if (consent.status === 'withdrawn') return head;
  const rows = consent.parts.map((part) => [{ text: part.claimType }, wordCell(part.subject, words), wordCell(part.state, words)]);
  return `${head}\n${drawTable([say(TEXTS.claim), say(TEXTS.subject), say(TEXTS.status)], rows)}`;
}

function drawVerification(verification: Verification, words: Words): string {
  const { say } = words;
  const header = [say(TEXTS.agency), say(TEXTS.claim), say(TEXTS.subject), say(TEXTS.outcome), say(TEXTS.asOf), say(TEXTS.disclosed)];
  const rows = verification.claims.map((claim) => {
    const settled = claim.outcome === 'unavailable' && verification.status === 'complete';
    const disclosed = Object.entries(claim.disclosures ?? {}).map(([name, value]) => `${name} ${value}`);
    return [
      wordCell(claim.agency, words),
      { text: claim.type },
      wordCell(claim.subject, words),
      wordCell(claim.outcome, words),
      { text: settled ? say(TEXTS.irrelevant) : (claim.asOf ?? claim.reason ?? '') },
      { text: disclosed.join(', ') },
    ];
  });
  const verdict = `${say(TEXTS.verdict)}: ${inBold(verification.verdict ?? '', words)}`;
  const status = `${say(TEXTS.status)}: ${inBold(verification.status, words)}`;
  return `   ${colors.dim(verification.id)}  ${status}  ${verdict}\n${drawTable(header, rows)}`;
}

function drawAccesses(accesses: readonly Access[], words: Words): string {
  const { say } = words;
  const rows = accesses.map((access) => [
    { text: access.at.slice(0, 19).replace('T', ' ') },
    { text: access.platform },
    wordCell(access.result, words),
    { text: access.code ?? '' },
    { text: access.claimTypes.join(', ') },
  ]);
  return drawTable([say(TEXTS.time), say(TEXTS.platform), say(TEXTS.result), '', say(TEXTS.asked)], rows);
}

/** The trace as a tree, once the last span of it (the audit's) has arrived. */
async function drawTrace(demo: DemoFile, traceId: string, say: Stage['say']): Promise<string> {
  const { traces } = demo;
  if (traces === undefined) return `   ${colors.yellow(say(TEXTS.noTrace))}`;
  const until = Date.now() + TRACE_WITHIN_MS;
  let spans = await readTraceFiles(traces, traceId);
  while (!spans.some((span) => span.name.startsWith('process ')) && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    spans = await readTraceFiles(traces, traceId);
  }
  if (spans.length === 0) return `   ${colors.yellow(say(TEXTS.noTrace))}`;
  return renderTraceTree(spans, { colour: colors.isColorSupported });
}
