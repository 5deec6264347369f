import { expect, it } from 'vitest';
import { personFaults } from './people.js';

const faultsOf = (name: string): string[] => personFaults({ child: { name } }).map(({ pointer, code }) => `${pointer} ${code}`);

it.each([
  ['a zero-width space', '王\u200b小明'],
  ['a zero-width joiner', '王\u200d小明'],
  ['a byte order mark', '\ufeff王小明'],
  ['an override of direction', '王\u202e明小'],
  ['an isolate of direction', '王\u2067明\u2069'],
  ['a soft hyphen', 'Wang\u00ad'],
  ['a line separator', '王\u2028小明'],
  ['a filler', '王\u3164'],
  ['a tag character', '王\u{e0041}'],
])('refuses a name with %s', (_what, name) => {
  expect(faultsOf(name)).toEqual(['/subjects/child/name name_invisible']);
});

it.each(['王小明', '阿依古丽·买买提', 'Ğülşen Öz', '𠮷野', '葛\u{e0100}'])('takes the name %s', (name) => {
  expect(faultsOf(name)).toEqual([]);
});
