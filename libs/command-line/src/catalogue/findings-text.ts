import type { Finding, Severity } from '@vouch/catalogue-lint';

/** A language of findings. */
export type Language = 'zh-CN' | 'en';

const SEVERITIES: Readonly<Record<Language, Readonly<Record<Severity, string>>>> = {
  en: { error: 'error', warning: 'warning', note: 'note' },
  'zh-CN': { error: '错误', warning: '警告', note: '提示' },
};

/** Findings for people: by file, each with its line, what to do about it, and at the end how many there are. */
export function toText(findings: readonly Finding[], language: Language): string {
  const files = [...new Set(findings.map(({ file }) => file))];
  const blocks = files.map((file) => {
    const lines = findings.filter((finding) => finding.file === file).map((finding) => toLines(finding, language));
    return `${file}\n${lines.join('\n')}\n`;
  });
  return [...blocks, `${toCount(findings, language)}\n`].join('\n');
}

function toLines({ line, column, severity, code, message, remedy }: Finding, language: Language): string {
  const place = `${line}:${column}`.padEnd(8);
  return `  ${place}${SEVERITIES[language][severity]}  ${code}  ${message[language]}\n${' '.repeat(10)}→ ${remedy[language]}`;
}

function toCount(findings: readonly Finding[], language: Language): string {
  const count = (wanted: Severity): number => findings.filter(({ severity }) => severity === wanted).length;
  const [errors, warnings, notes] = [count('error'), count('warning'), count('note')];
  if (language === 'zh-CN') return `${errors} 个错误，${warnings} 个警告，${notes} 个提示`;
  const several = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  return `${several(errors, 'error')}, ${several(warnings, 'warning')}, ${several(notes, 'note')}`;
}
