import { access } from 'node:fs/promises';
import type { Catalogue, RequirementSet } from '@vouch/catalogue';
import { SettingsError } from '../failure.js';
import { openCatalogue } from './open-catalogue.js';

/** A set with the catalogue around it. */
export interface OpenedSet {
  readonly catalogue: Catalogue;
  readonly set: RequirementSet;
}

/** Opens a set by its id, or a draft of one by its file. Throws with every fault when the catalogue, or the draft, cannot be used. */
export async function openSet(which: string, dir: string | undefined): Promise<OpenedSet> {
  const isFile = /\.ya?ml$/.test(which);
  if (isFile) {
    await access(which).catch(() => {
      throw new SettingsError(`There is no file ${which}`);
    });
  }
  const { catalogue, faults, drafts } = await openCatalogue(dir, isFile ? [which] : []);
  if (!catalogue) throw new Error(`${faults.join('\n')}\nMend this first`);
  const id = isFile ? (drafts[0] ?? '') : which;
  const set = catalogue.requirementSet(id);
  if (set) return { catalogue, set };
  const near = catalogue.requirementSets.filter((other) => other.id.startsWith(id.slice(0, 6))).map((other) => other.id);
  throw new SettingsError(`There is no requirement set ${id}${near.length > 0 ? `; there is ${near.join(', ')}` : ''}`);
}
