import { writeFile } from 'node:fs/promises';
import { requirementSetJsonSchema } from './requirement-set-schema.js';

// Writes the JSON Schema by which an editor completes and checks a requirement set's file.
await writeFile(new URL('../requirement-set.schema.json', import.meta.url), `${JSON.stringify(requirementSetJsonSchema(), null, 2)}\n`);
