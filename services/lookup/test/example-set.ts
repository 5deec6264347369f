/** A made-up set that has what no set of a served county has together: zones, birth dates, facts, points, ties, and days on which it holds. */
export const EXAMPLE_SET = '370102/transfer/2026';

/** It as a file of the catalogue. */
export const EXAMPLE_SET_FILE = `
id: ${EXAMPLE_SET}
title: { zh-CN: 示例, en: Example }
region: '370102'
purpose: school-enrolment
sources: [{ id: none, title: 示例, publisher: 示例, date: '2026', grade: third-party }]
entryYears: [2026, 2027]
validity: { from: '2026-01-01', until: '2026-12-31' }
regions: { zone: ['370102'], county: ['370102'] }
facts:
  - { id: lives-there, title: { zh-CN: 实际居住, en: the family lives there }, office: { zh-CN: 学校, en: the school } }
categories:
  - id: zone
    title: { zh-CN: 片区内有房, en: Home in the zone }
    when:
      allOf:
        - { addressWithin: zone }
        - { dayBetween: { day: { input: childBirthDate }, to: '2020-08-31' } }
        - { type: police.guardian-of, version: 1, subject: child, with: { guardian: guardian }, parameters: {} }
        - { type: housing.owns-home, version: 1, subject: guardian, parameters: { region: { regions: county }, minimumShare: 50 } }
        - { stated: lives-there }
  - id: migrant
    title: { zh-CN: 随迁, en: Migrant }
    when:
      allOf:
        - { type: police.guardian-of, version: 1, subject: child, with: { guardian: guardian }, parameters: {} }
        - { type: social-security.insured-months, version: 1, subject: guardian, parameters: { scheme: pension-employee, region: '3701', atLeast: 12, endingAt: { date: { input: applicationDate } }, consecutive: true, countBackPayments: false } }
points:
  items:
    - id: permit
      title: { zh-CN: 居住证, en: Residence permit }
      measured:
        measure: { claim: { type: police.residence-permit, version: 1, subject: guardian, parameters: { region: { regions: county }, validAt: '2026-08-31' } }, disclosure: months }
        perMonth: 1
        mostMonths: 72
ties:
  - id: register-date
    title: { zh-CN: 落户时间, en: date of registration }
    measure: { claim: { type: police.household-registered, version: 1, subject: child, parameters: { region: { regions: county } } }, disclosure: since }
    first: earliest
`;
