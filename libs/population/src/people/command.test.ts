import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { createPopulation } from '../population.js';
import { createPeopleCommand } from './command.js';
import { FILTERS } from './filters.js';

function run(...args: string[]): { out: string; error: string; failure: unknown } {
  let out = '';
  let error = '';
  const command = createPeopleCommand((text) => {
    out += text;
  }, 'en')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        out += text;
      },
      writeErr: (text) => {
        error += text;
      },
    });
  try {
    command.parse(args, { from: 'user' });
    return { out, error, failure: undefined };
  } catch (failure) {
    return { out, error, failure };
  }
}

describe('npm run people', { timeout: 30_000 }, () => {
  it('says first, in two languages, that all is invented', () => {
    for (const args of [[], ['--lang', 'zh'], ['--find', '11010519491231002X']]) {
      const { out } = run(...args);
      expect(out.startsWith('合成数据，均为虚构')).toBe(true);
      expect(out.split('\n')[1]).toContain('Synthetic data');
    }
    expect(run('--help').out).toContain('合成数据，均为虚构');
    expect(JSON.parse(run('--json', '--count', '1').out).notice[0]).toContain('合成数据，均为虚构');
  });

  it('prints as many families of the region as asked, with every agency', () => {
    const { out } = run('--region', '370102', '--count', '5', '--where', 'owns-home,insured>=12');
    expect(out.match(/■ 济南市历下区370102/g)).toHaveLength(5);
    for (const word of ['police', 'housing', 'tax', 'social security', 'household book', 'title:', 'deed tax:', 'pension-employee'])
      expect(out).toContain(word);
  });

  it('prints JSON that holds what the agencies say', () => {
    const { families, population: made } = JSON.parse(run('--json', '--region', '3702', '--count', '2', '--where', 'migrant,lease').out);
    expect(families).toHaveLength(2);
    expect(made).toEqual({ seed: 2026, families: 1_000_000, today: '2026-09-30' });
    const population = createPopulation();
    for (const family of families) {
      expect(family.region).toMatch(/^3702/);
      const child = population.find(family.people[0].idNumber)?.person;
      expect(child?.name).toBe(family.people[0].name);
      expect(family.people[0].police.page.region).toBe(child && population.police(child).page?.region);
      expect(family.people[0].police.page.region).not.toBe(family.region);
    }
  });

  it('finds the family of an ID number', () => {
    const { guardians } = createPopulation().family(77);
    expect(run('--find', guardians[0]?.idNumber ?? '').out).toContain('#77 ');
    expect(run('--find', '110105194912310021').error).toContain('id_number_check_digit');
    expect(run('--find', '11010519491231002X').out).toContain('No family');
  });

  it('skips, and says when fewer fit', () => {
    const all = JSON.parse(run('--json', '--count', '3').out).families;
    const rest = JSON.parse(run('--json', '--count', '2', '--skip', '1').out).families;
    expect(rest).toEqual(all.slice(1));
    expect(run('--families', '1000', '--count', '50', '--where', 'twins').out).toMatch(/(Only \d+|No family) of 济南市历下区 370102 fits/);
  });

  it.each([
    [['--region', '370199'], 'county, city or the province'],
    [['--region', '34'], 'county, city or the province'],
    [['--region', 'Jinan'], 'county, city or the province'],
    [['--count', '0'], 'whole number from 1 to 1000'],
    [['--count', 'many'], 'whole number from 1 to 1000'],
    [['--count', '1e2'], 'whole number from 1 to 1000'],
    [['--where', 'owns-castle'], 'There is no filter "owns-castle". Known: entering-primary'],
    [['--where', ''], 'There is no filter ""'],
    [['--where', 'owns-home,,married'], 'There is no filter ""'],
    [['--where', 'married>=2'], '"married" takes no number'],
    [['--where', 'constructor'], 'There is no filter "constructor"'],
    [['--today', '2026-02-30'], 'a day from 2026-01-01'],
    [['--seed', '-1'], 'whole number from 0'],
    [['--families', '2000000'], 'whole number from 1 to 1048576'],
    [['--lang', 'fr'], 'Allowed choices are zh, en'],
    [['--colour'], "unknown option '--colour'"],
    [['extra'], 'too many arguments'],
  ])('refuses %j', (args, text) => {
    const { out, error, failure } = run(...args);
    expect(failure).toBeInstanceOf(CommanderError);
    expect((failure as CommanderError).exitCode).toBe(1);
    expect(error).toContain(text);
    expect(out).toBe('');
  });

  it('documents every filter', () => {
    const { out } = run('--help');
    for (const name of Object.keys(FILTERS)) expect(out).toContain(`\n  ${name}`);
  });

  it.each(Object.keys(FILTERS))('has families for whom %s holds, and others for whom it does not', (name) => {
    const filter = name === 'age' ? 'age>=14' : name;
    // A city, so that rare ones are found too.
    expect(run('--region', '3701', '--count', '1', '--where', filter).out).toContain('■');
    expect(run('--region', '3701', '--count', '1', '--where', `!${filter}`).out).toContain('■');
  });
});
