import { expect, it } from 'vitest';
import { createSlots } from './slots.js';

const city = { id: 'city', limits: { requestsPerSecond: 10, burst: 10, concurrent: 100 } };
const school = { id: 'school', limits: { requestsPerSecond: 10, burst: 10, concurrent: 1 } };
const office = { id: 'office', limits: { requestsPerSecond: 10, burst: 10, concurrent: 100 } };

it('bounds each client and all of them, and takes places back once', () => {
  const slots = createSlots({ most: 4, mostPerClient: 2 });
  const [first] = [slots.enter(city), slots.enter(city)];
  expect(() => slots.enter(city)).toThrow('rate_limited');
  slots.enter(school);
  expect(() => slots.enter(school)).toThrow('rate_limited');
  slots.enter(office);
  expect(() => slots.enter(office)).toThrow('overloaded');
  first();
  first();
  slots.enter(office);
  expect(() => slots.enter({ ...office, id: 'another' })).toThrow('overloaded');
});
