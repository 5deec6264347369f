import { createPlatformClient, type ExplanationLine, type PlatformClient, type Verification } from '@vouch/client';
import colors from 'picocolors';
import { colourOf } from './draw.js';
import { findShortFamily, SHORT_APPLICATION, type ShortFamily } from './find-short-family.js';
import type { Stage } from './story.js';
import { expectWord, untilDone } from './story-steps.js';
import { TEXTS, type Text } from './texts.js';

/** A county that does not count months. */
const OTHER_SET = '370982/primary/2024';

type Explained = Pick<NonNullable<Verification['explanation']>, 'verdict' | 'text' | 'categories' | 'assumption'>;

/** Tells of a family that is one month short: what is missing and from when, that day's answer, and what another county's rules make of it. */
export async function tellOneMonthShort(stage: Stage, heading: (text: Text) => void): Promise<void> {
  const { demo, say, language, print } = stage;
  const family = findShortFamily();
  if (!family) throw new Error('The population has no family that is one month short');
  const office = createPlatformClient(demo, demo.office);
  const lookup = async (applicationDate: string) => {
    const { body } = await office.verify(
      {
        purpose: 'school-enrolment',
        ...SHORT_APPLICATION,
        applicationDate,
        subjects: subjectsOf(family),
        legalBasis: { type: 'statutory_duty' },
        timeBudgetMs: 5_000,
      },
      { language },
    );
    return untilDone(office, body, language);
  };

  heading(TEXTS.short);
  const first = await lookup(SHORT_APPLICATION.applicationDate);
  print(drawExplained(stage, `${SHORT_APPLICATION.requirementSet} · ${SHORT_APPLICATION.applicationDate}`, first.explanation));
  expectWord(first.verdict, 'not_met');
  const missing = linesOf(first.explanation).find(({ code, shortBy }) => code === 'short' && shortBy === 1);
  if (missing?.from === undefined) throw new Error('The answer does not tell what is missing and from when');

  heading(TEXTS.thatDay);
  const from = missing.from.length === 7 ? `${missing.from}-01` : missing.from;
  const second = await lookup(from);
  print(drawExplained(stage, `${SHORT_APPLICATION.requirementSet} · ${from}`, second.explanation));
  expectWord(second.verdict, 'met');

  heading(TEXTS.otherCounty);
  const other = await whatIf(office, first, language);
  print(drawExplained(stage, `${OTHER_SET} · ${SHORT_APPLICATION.applicationDate}`, other));
  print(`   ${colors.dim(say(TEXTS.nobodyAsked))}`);
  expectWord(other.verdict, 'met');
}

const subjectsOf = ({ child, guardian }: ShortFamily) => ({
  child: { idNumber: child.idNumber, name: child.name },
  guardian: { idNumber: guardian.idNumber, name: guardian.name },
});

/** What another county's rules make of what the lookup answered, had the family come there with all it has, and with its register elsewhere. */
async function whatIf(office: PlatformClient, answered: Verification, language: Stage['language']): Promise<Explained> {
  const evaluate = async (body: object) =>
    (
      await office.call<Explained & { claims: readonly { type: string }[] }>(`/v1/requirement-sets/${OTHER_SET}/evaluate`, {
        method: 'POST',
        body,
        repeatable: true,
        headers: { 'accept-language': language },
      })
    ).body;
  // Facts that state nothing tell which claims the set would ask.
  const wanted = new Set((await evaluate({})).claims.map(({ type }) => type));
  const known = answered.claims.filter(({ type, outcome }) => wanted.has(type) && ['confirmed', 'refuted'].includes(outcome));
  const claims = [
    ...known.map(({ type, subject, outcome }) => ({ type, subject, outcome })),
    { type: 'police.household-registered', subject: 'child', outcome: 'refuted' },
  ];
  return evaluate({ applicationDate: SHORT_APPLICATION.applicationDate, claims });
}

/** All lines of an explanation, also those inside others. */
function linesOf(explanation: Pick<Explained, 'categories'> | undefined): readonly ExplanationLine[] {
  const inner = (lines: readonly ExplanationLine[]): ExplanationLine[] => lines.flatMap((line) => [line, ...inner(line.parts ?? [])]);
  return (explanation?.categories ?? []).flatMap(({ lines }) => inner(lines));
}

function drawExplained({ say, word }: Stage, title: string, explained: Explained | undefined): string {
  if (!explained) throw new Error('The answer does not explain itself');
  const { verdict, categories, assumption } = explained;
  return [
    `   ${colors.dim(title)}  ${say(TEXTS.verdict)}: ${colors.bold(colourOf(verdict)(word(verdict)))}`,
    ...categories.map(({ result, text }) => `   ${colourOf(result)(MARKS[result])} ${text}`),
    ...(assumption === undefined ? [] : [`   ${colors.dim(assumption)}`]),
  ].join('\n');
}

const MARKS = { met: '✓', not_met: '✗', undetermined: '?' } as const;
