import { lookupSuite } from './lookup-suite.js';

lookupSuite('on the embedded store');
