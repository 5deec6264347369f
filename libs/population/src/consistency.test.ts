import { describe, expect, it } from 'vitest';
import type { Family, Person } from './family.js';
import { createPopulation } from './population.js';

const population = createPopulation({ seed: 11 });
const families = Array.from({ length: 2000 }, (_, n) => population.family(n * 487));
const adults = ({ guardians, grandparents }: Family): Person[] => [...guardians, ...grandparents];

/** Fails with the family's index, so that it can be looked at with `npm run people`. */
function check(family: Family, holds: boolean, what: string): void {
  if (!holds) expect.fail(`Family ${family.index}: ${what}`);
}

describe('one story at all agencies', { timeout: 30_000 }, () => {
  it('people on one book agree about it', () => {
    for (const family of families) {
      const books = new Map<string, string>();
      for (const person of family.people) {
        const { page } = population.police(person);
        if (!page) continue;
        const book = [page.region, page.addressCode, page.headName, page.bookType].join();
        check(family, (books.get(page.bookId) ?? book) === book, 'a book has two addresses or heads');
        books.set(page.bookId, book);
        check(family, page.addressCode.startsWith(page.region) && page.addressCode.length === 18, 'an address code is not of its region');
        if (page.relationToHead === 'head') check(family, page.headName === person.name, 'a head has another name');
      }
    }
  });

  it('pages follow each other without gap or overlap', () => {
    for (const family of families) {
      for (const person of family.people) {
        const { page, previousPages, unnumberedPages } = population.police(person);
        const pages = page ? [page, ...previousPages] : unnumberedPages;
        check(family, pages.length > 0, 'somebody is registered nowhere');
        for (const [at, one] of pages.entries()) {
          const next = pages[at - 1];
          check(family, one.movedOutOn === next?.happenedOn, 'a page does not end where the next begins');
          check(family, one.happenedOn > person.birthDate && one.recordedOn >= one.happenedOn, 'a page is older than the person');
        }
      }
    }
  });

  it('guardian and ward see the same guardianship', () => {
    for (const family of families) {
      const ofWards = [family.child, ...family.siblings].flatMap((person) => population.police(person).guardians);
      const ofGuardians = adults(family).flatMap((person) => population.police(person).wards);
      const key = (entry: (typeof ofWards)[number]) => JSON.stringify(entry);
      expect(new Set(ofGuardians.map(key))).toEqual(new Set(ofWards.map(key)));
      const valid = population.police(family.child).guardians.filter(({ endedOn }) => endedOn === undefined);
      check(family, valid.length > 0, 'a child has no guardian');
      check(family, valid.filter(({ custody }) => custody === 'sole').length <= 1, 'two guardians have sole custody');
      if (family.union === 'divorced') {
        const sole = valid.find(({ custody }) => custody === 'sole');
        check(family, sole?.guardian.idNumber === family.guardians[0]?.idNumber, 'the first guardian has not the custody');
      }
    }
  });

  it('co-owners, co-tenants and co-buyers see the same record; shares add up', () => {
    for (const family of families) {
      const seen = new Map<string, string>();
      const agree = (id: string, record: unknown) => {
        const text = JSON.stringify(record);
        check(family, (seen.get(id) ?? text) === text, 'two people see one record differently');
        seen.set(id, text);
      };
      for (const person of family.people) {
        const { homes, presales, resettlements, leases, publicRentals } = population.housing(person);
        for (const resettlement of resettlements) agree(resettlement.agreementNumber, resettlement);
        for (const home of homes) {
          agree(home.titleNumber, home);
          const held = home.owners.map(({ share }) => share);
          if (home.ownership === 'sole') check(family, home.owners.length === 1 && held[0] === 100, 'a sole owner has not all');
          if (home.ownership === 'joint')
            check(family, home.owners.length > 1 && held.every((share) => share === undefined), 'joint owners have shares');
          if (home.ownership === 'shares')
            check(family, held.reduce<number>((sum, share) => sum + (share ?? 0), 0) === 100, 'shares do not add up');
        }
        for (const presale of presales) agree(presale.contractNumber, presale);
        for (const lease of leases) agree(lease.leaseNumber, lease);
        for (const rental of publicRentals) agree(rental.contractNumber, rental);
      }
    }
  });

  it('deed tax belongs to homes: each bought home has one, paid before its title', () => {
    for (const family of families) {
      for (const person of family.people) {
        const { homes, presales } = population.housing(person);
        const { deedTaxes } = population.tax(person);
        for (const home of homes.filter(({ acquired }) => acquired === 'new-build' || acquired === 'second-hand')) {
          const tax = deedTaxes.find(({ homeId }) => homeId === home.homeId);
          check(
            family,
            tax !== undefined && tax.region === home.region && tax.addressCode === home.addressCode,
            'a bought home has no deed tax',
          );
          // A late payment record can hide the payment for some weeks.
          const fine = tax?.paidOn === undefined ? home.happenedOn > '2026-07-15' : tax.paidOn <= home.happenedOn;
          check(family, fine, 'a title came before its deed tax');
        }
        const known = new Set([...homes, ...presales].map(({ homeId }) => homeId));
        check(
          family,
          deedTaxes.every(({ homeId }) => known.has(homeId)),
          'a deed tax is for no home',
        );
      }
    }
  });

  it('a new-build was bought by a filed contract before its title', () => {
    for (const family of families) {
      for (const person of family.people) {
        const { homes, presales } = population.housing(person);
        for (const home of homes.filter(({ acquired }) => acquired === 'new-build')) {
          const presale = presales.find(({ homeId }) => homeId === home.homeId);
          check(family, presale?.state === 'fulfilled' && presale.happenedOn < home.happenedOn, 'a new-build has no contract');
        }
      }
    }
  });

  it('a home is contracted for, noticed and handed over before its title', () => {
    let handedOver = 0;
    for (const family of families) {
      for (const person of family.people) {
        const { homes, presales, resettlements } = population.housing(person);
        for (const { signedOn, happenedOn, preNoticeOn, handedOverOn, homeId, state } of presales) {
          const title = homes.find((home) => home.homeId === homeId);
          check(family, preNoticeOn === undefined || preNoticeOn >= happenedOn, 'a pre-notice came before its contract');
          check(family, handedOverOn === undefined || handedOverOn > signedOn, 'a home was handed over before it was bought');
          if (state === 'cancelled') check(family, handedOverOn === undefined && preNoticeOn === undefined, 'a cancelled contract went on');
          if (title)
            check(family, title.handedOverOn === (handedOverOn ?? title.happenedOn), 'title and contract disagree on the hand-over');
          if (!title && handedOverOn !== undefined) handedOver += 1;
        }
        for (const home of homes) check(family, home.handedOverOn <= home.happenedOn, 'a title came before the hand-over');
        for (const { addressCode, newAddressCode } of resettlements)
          check(family, addressCode.slice(0, 6) === newAddressCode.slice(0, 6) && addressCode !== newAddressCode, 'nobody is resettled');
      }
    }
    expect(handedOver).toBeGreaterThan(0);
  });

  it('tax on a rent is of a lease on file, a filing of a business, an invoice of a home that was bought', () => {
    const seen = { rents: 0, filings: 0, invoices: 0 };
    for (const family of families) {
      for (const person of family.people) {
        const { leases, homes, presales } = population.housing(person);
        const { rentalTaxes, filings, businesses, invoices } = population.tax(person);
        for (const tax of rentalTaxes) {
          const lease = leases.find(({ addressCode, from }) => addressCode === tax.addressCode && from === tax.from);
          check(family, lease !== undefined && tax.happenedOn >= lease.happenedOn, 'tax was paid on no lease');
        }
        for (const { businessId, month, happenedOn } of filings) {
          const business = businesses.find((one) => one.businessId === businessId);
          check(
            family,
            business !== undefined && month >= business.from.slice(0, 7) && happenedOn > `${month}-31`,
            'a filing is of no business',
          );
        }
        for (const { homeId, addressCode, buyers } of invoices) {
          const bought = [...homes, ...presales].find((one) => one.homeId === homeId);
          check(family, bought?.addressCode === addressCode && buyers.length > 0, 'an invoice is for no home');
        }
        seen.rents += rentalTaxes.length;
        seen.filings += filings.length;
        seen.invoices += invoices.filter(({ full }) => !full).length;
      }
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  });

  it('some of the tax lists, when asked for, are as among all of them', () => {
    for (const family of families.slice(0, 500)) {
      for (const person of family.guardians) {
        const all = population.tax(person);
        for (const name of ['deedTaxes', 'businesses', 'rentalTaxes', 'filings', 'invoices'] as const) {
          const some = population.tax(person, { lists: [name] });
          expect(some).toEqual({ person, deedTaxes: [], businesses: [], rentalTaxes: [], filings: [], invoices: [], [name]: all[name] });
        }
      }
    }
  });

  it('who insures themselves is registered for it, and no employee is', () => {
    for (const family of families) {
      for (const person of family.guardians) {
        const { months, employments, flexibleWork } = population.socialSecurity(person);
        check(family, employments.length === 0 || flexibleWork.length === 0, 'an employee is a flexible worker');
        for (const { region, month } of months.filter(
          ({ scheme, employerId }) => scheme === 'pension-employee' && employerId === undefined,
        )) {
          const registered = flexibleWork.some((work) => work.region === region && work.happenedOn.slice(0, 7) <= month);
          check(family, registered, 'somebody insures themselves unregistered');
        }
      }
    }
  });

  it('employees are insured by the employer they work for, in its county', () => {
    for (const family of families) {
      for (const person of family.guardians) {
        const { months, employments } = population.socialSecurity(person);
        for (const { employerId, region, month, scheme } of months) {
          if (employerId === undefined) continue;
          const job = employments.find((candidate) => candidate.employerId === employerId && candidate.happenedOn.slice(0, 7) <= month);
          check(family, job?.region === region, `a month of ${scheme} has no job`);
        }
      }
    }
  });

  it('insured months come once a scheme, in order, and only some when asked', () => {
    for (const family of families.slice(0, 500)) {
      for (const person of family.guardians) {
        const { months } = population.socialSecurity(person);
        const keys = months.map(({ month, scheme }) => `${month} ${scheme}`);
        check(family, new Set(keys).size === keys.length, 'a month is there twice');
        check(
          family,
          months.every(({ month }, at) => at === 0 || (months[at - 1]?.month ?? '') <= month),
          'months are out of order',
        );
        const some = population.socialSecurity(person, { schemes: ['pension-employee', 'medical-resident'], from: '2025-09' }).months;
        const expected = months.filter(
          ({ month, scheme }) => month >= '2025-09' && (scheme === 'pension-employee' || scheme === 'medical-resident'),
        );
        expect(some).toEqual(expected);
      }
    }
  });

  it('only migrants from other cities have permits', () => {
    for (const family of families) {
      for (const person of family.people) {
        const { page, permits } = population.police(person);
        if (page && permits.length > 0 && person.key === 'guardian') {
          check(
            family,
            permits.every(({ region, periods }) => region.slice(0, 4) === family.region.slice(0, 4) && periods.length > 0),
            'a permit is of another city',
          );
          check(
            family,
            page.bookType === 'collective' || page.region.slice(0, 4) !== family.region.slice(0, 4),
            'somebody of the city has a permit',
          );
        }
      }
    }
  });

  it('children have their parents, and know how many they are; parents have the grandparents of their side', () => {
    for (const family of families) {
      const children = [family.child, ...family.siblings];
      for (const child of children) {
        const { parents, brothers, sisters } = population.police(child).birthFamily;
        const guardians = family.guardians.map(({ idNumber }) => idNumber);
        check(family, parents.map(({ idNumber }) => idNumber).join() === guardians.join(), 'a child has other parents');
        check(family, brothers + sisters === children.length - 1, 'a child has another number of siblings');
      }
      for (const parent of family.guardians) {
        const side = parent.kinship === 'father' ? 'paternal' : 'maternal';
        const elders = family.grandparents.filter(({ kinship }) => kinship.startsWith(side)).map(({ idNumber }) => idNumber);
        const { parents } = population.police(parent).birthFamily;
        check(family, parents.map(({ idNumber }) => idNumber).join() === elders.join(), 'a parent has other parents');
      }
    }
  });

  it('a permit was applied for before it was issued', () => {
    for (const family of families) {
      for (const { appliedOn, happenedOn } of family.people.flatMap((person) => population.police(person).permits))
        check(family, appliedOn < happenedOn, 'a permit came before its application');
    }
  });

  it('names run in families', () => {
    for (const family of families) {
      const father = family.guardians.find(({ kinship }) => kinship === 'father');
      const mother = family.guardians.find(({ kinship }) => kinship === 'mother');
      const initials = [father, mother].map((parent) => parent?.name.charAt(0));
      if (father && mother) check(family, initials.includes(family.child.name.charAt(0)), 'the child has nobody’s surname');
      for (const sibling of family.siblings)
        check(family, sibling.name.charAt(0) === family.child.name.charAt(0), 'siblings have two surnames');
    }
  });
});
