export { dayInShanghai, isDay } from './days.js';
export { ageOn, birthDateOf, checkDigit, type IdFault, type IdReading, readIdNumber, sexOf, toIdNumber } from './id-number.js';
export { loadOrCreateKeyFile } from './key-file.js';
export { generateKeyring, type Keyring, type PseudonymContext, readKeyring, type SealedPlace } from './keyring.js';
export { createRandomBytes } from './random-bytes.js';
export { type County, counties, county, isRegion, isWithin, PROVINCE, regionName } from './regions.js';
export { createUuid } from './uuid.js';
