export { openQuotaDays, type QuotaDays, type QuotaDaysOptions } from './quota-days.js';
export { type QuotaDayTables, quotaDaysMigration } from './tables.js';
