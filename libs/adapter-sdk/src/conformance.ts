export { adapterConformance, type ConformanceCase, type ConformanceFixtures } from './conformance/suite.js';
