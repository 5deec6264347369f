import { fileURLToPath } from 'node:url';

/** The script that starts a service of Vouch. */
export const mainOf = (service: string): string => fileURLToPath(new URL(`../../../../services/${service}/dist/main.js`, import.meta.url));
