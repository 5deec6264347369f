export { type DevIssuer, type DevIssuerOptions, HOW_TO_SIGN_IN, PORTAL_CLIENT, startDevIssuer } from './dev-issuer.js';
