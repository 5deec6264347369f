/** A calendar day in Asia/Shanghai, `YYYY-MM-DD`; days compare as texts. */
export type Day = string;
/** A calendar month, `YYYY-MM`. */
export type Month = string;
export type Sex = 'male' | 'female';

/** What a person is in their family. Guardians are the parents; `guardian` is whom the child lives with. */
export type SubjectKey =
  | 'child'
  | 'guardian'
  | 'guardian2'
  | 'sibling1'
  | 'sibling2'
  | 'grandparent1'
  | 'grandparent2'
  | 'grandparent3'
  | 'grandparent4';

/** How a person stands to the child. */
export type Kinship =
  | 'child'
  | 'father'
  | 'mother'
  | 'brother'
  | 'sister'
  | 'paternal-grandfather'
  | 'paternal-grandmother'
  | 'maternal-grandfather'
  | 'maternal-grandmother';

/** A person as a record names them. */
export interface PersonRef {
  /** GB 11643, with an unassigned division code (375001–375020): nobody's. */
  readonly idNumber: string;
  readonly name: string;
}

/** One invented person. */
export interface Person extends PersonRef {
  /** Key in a lookup's `subjects`. */
  readonly key: SubjectKey;
  readonly kinship: Kinship;
  readonly sex: Sex;
  readonly birthDate: Day;
  /** Index of the family; with `key` it says who this is. */
  readonly family: number;
}

/** Whether and how the parents live together. */
export type Union = 'married' | 'divorced' | 'one-parent';

/** One invented family: a child of school age and its kin. */
export interface Family {
  readonly index: number;
  /** County where the child lives, 6 digits; always one of Shandong's 136. */
  readonly region: string;
  readonly union: Union;
  /** School stage that the child enters in 2026, if it does. */
  readonly entering: 'primary' | 'junior' | undefined;
  readonly child: Person;
  /** Parents, one or two; the first is whom the child lives with. */
  readonly guardians: readonly Person[];
  readonly siblings: readonly Person[];
  /** Living grandparents who are on record. */
  readonly grandparents: readonly Person[];
  /** All of the above. */
  readonly people: readonly Person[];
}

/** When something came about and when the agency's records show it. */
export interface Recorded {
  /** Day that counts in law: registered, issued, signed, paid. */
  readonly happenedOn: Day;
  /** Day from which the agency's records show it; on or after `happenedOn`. */
  readonly recordedOn: Day;
}

/** What a household book says a person is to its head; `none` in a collective book. */
export type RelationToHead =
  | 'head'
  | 'spouse'
  | 'son'
  | 'daughter'
  | 'grandson'
  | 'granddaughter'
  | 'son-in-law'
  | 'daughter-in-law'
  | 'none';

/** One person's page in a household book (户口簿). `happenedOn` is the day of registration there. */
export interface HouseholdPage extends Recorded {
  /** Same for all who are on the book. */
  readonly bookId: string;
  readonly bookType: 'family' | 'collective';
  /** Name of the book's head; a collective book (集体户) has an institution as head. */
  readonly headName: string;
  readonly relationToHead: RelationToHead;
  /** County of the book, 6 digits; may lie outside Shandong. */
  readonly region: string;
  /** 18 digits, starting with the region. Equal to a home's address code when the book is kept there. */
  readonly addressCode: string;
  /** Why the page was opened. */
  readonly reason: 'birth' | 'moved-in' | 'marriage';
  /** Day on which the person moved out; undefined while registered there. */
  readonly movedOutOn: Day | undefined;
}

/** A residence permit (居住证). `happenedOn` is the day of issue. */
export interface ResidencePermit extends Recorded {
  readonly permitNumber: string;
  /** County that issued it, 6 digits. */
  readonly region: string;
  readonly addressCode: string;
  /** Day on which it was applied for. */
  readonly appliedOn: Day;
  /** Validity, oldest first; a renewal in time continues, a late one leaves a gap. */
  readonly periods: readonly PermitPeriod[];
}

/** One validity of a permit, bounds inclusive. */
export interface PermitPeriod {
  readonly from: Day;
  readonly until: Day;
  readonly recordedOn: Day;
}

/** That somebody is a child's guardian. `happenedOn` is the day from which it holds. */
export interface Guardianship extends Recorded {
  readonly ward: PersonRef;
  readonly guardian: PersonRef;
  /** Parents are guardians by birth; a court may appoint a grandparent instead. */
  readonly basis: 'parent' | 'court';
  /**
   * With whom the child lives: `shared` while the parents live together, `sole` or `none` after a divorce.
   * A divorced parent without custody stays a guardian in law.
   */
  readonly custody: 'shared' | 'sole' | 'none';
  /** Day of the divorce that settled custody. */
  readonly divorcedOn: Day | undefined;
  /** Day on which it ended (a court took it away); undefined while it holds. */
  readonly endedOn: Day | undefined;
}

/** What the register knows of a person's birth family. */
export interface BirthFamily {
  /** Parents on record: of a child both unless only one is known, of a parent those grandparents who are in the population. */
  readonly parents: readonly PersonRef[];
  /** Brothers and sisters of the same parents; those of adults are in no family of the population. */
  readonly brothers: number;
  readonly sisters: number;
}

/** What the police have on record about one person, as of the population's day. */
export interface PoliceFacts {
  readonly person: Person;
  /** Page in force. Undefined when the only one lacks the ID number: see `unnumberedPages`. */
  readonly page: HouseholdPage | undefined;
  /** Earlier pages, newest first, each with `movedOutOn`. */
  readonly previousPages: readonly HouseholdPage[];
  /**
   * Old pages that bear this person's name and no ID number. They may be this person's or a namesake's: nobody can tell from the
   * register. Where such a page would decide a claim, the outcome is `ambiguous`.
   */
  readonly unnumberedPages: readonly HouseholdPage[];
  readonly permits: readonly ResidencePermit[];
  readonly birthFamily: BirthFamily;
  /** Who is, or was, this person's guardian. Empty for adults. */
  readonly guardians: readonly Guardianship[];
  /** Whose guardian this person is, or was. */
  readonly wards: readonly Guardianship[];
}

export type HomeUse = 'residential' | 'garage' | 'shop' | 'commercial-flat';

/** An owner in a title. */
export interface Owner {
  readonly owner: PersonRef;
  /** Share in hundredths. Undefined in joint ownership (共同共有), which carries no percentage. */
  readonly share: number | undefined;
}

/** A registered title (不动产登记). `happenedOn` is the day of registration. */
export interface Home extends Recorded {
  /** Unit number (不动产单元号); the same in the title, the pre-sale filing and the deed tax. */
  readonly homeId: string;
  readonly titleNumber: string;
  readonly region: string;
  /** 18 digits, starting with the region. */
  readonly addressCode: string;
  readonly use: HomeUse;
  /** Floor area in whole square metres. */
  readonly area: number;
  /** `divided`: in a divorce, without deed tax. */
  readonly acquired: 'new-build' | 'second-hand' | 'self-built' | 'former-public' | 'divided';
  readonly ownership: 'sole' | 'joint' | 'shares';
  /** One for `sole`; shares add up to 100 for `shares`. */
  readonly owners: readonly Owner[];
  readonly mortgaged: boolean;
  /** Day on which it was handed over to live in (交付); at the latest that of registration. */
  readonly handedOverOn: Day;
  /** Day on which it was sold or given away; undefined while owned. */
  readonly transferredOn: Day | undefined;
}

/** A net-signed pre-sale contract (网签备案). `happenedOn` is the day of filing. */
export interface PresaleFiling extends Recorded {
  readonly contractNumber: string;
  readonly homeId: string;
  readonly region: string;
  readonly addressCode: string;
  readonly use: HomeUse;
  readonly buyers: readonly PersonRef[];
  readonly signedOn: Day;
  /** Day of the pre-notice registration (预告登记); undefined while there is none. */
  readonly preNoticeOn: Day | undefined;
  /** Day on which the finished home was handed over; undefined while it is built. */
  readonly handedOverOn: Day | undefined;
  /** `fulfilled` once the title is registered. */
  readonly state: 'filed' | 'cancelled' | 'fulfilled';
}

/** An agreement to be given a new home for one that is pulled down (拆迁安置协议). `happenedOn` is the day of signing. */
export interface ResettlementAgreement extends Recorded {
  readonly agreementNumber: string;
  readonly region: string;
  /** Of the old home, 18 digits. */
  readonly addressCode: string;
  /** Of the new one. */
  readonly newAddressCode: string;
  readonly holders: readonly PersonRef[];
}

/** A lease filed with the housing bureau (租赁备案). `happenedOn` is the day of registration. */
export interface RegisteredLease extends Recorded {
  readonly leaseNumber: string;
  readonly region: string;
  readonly addressCode: string;
  readonly tenants: readonly PersonRef[];
  /** Term, bounds inclusive. */
  readonly from: Day;
  readonly until: Day;
}

/** A public rental (公租房). `happenedOn` is the day of the contract. */
export interface PublicRental extends Recorded {
  readonly contractNumber: string;
  readonly region: string;
  readonly addressCode: string;
  readonly tenants: readonly PersonRef[];
  readonly from: Day;
  readonly until: Day;
}

/** What the housing bureau has on record about one person, as of the population's day. */
export interface HousingFacts {
  readonly person: Person;
  /** Titles that the person holds or held, newest first. */
  readonly homes: readonly Home[];
  /**
   * Old titles in this person's name, perhaps a namesake's: `owners` names them with an empty ID number. Where one would decide, the outcome is
   * `ambiguous`.
   */
  readonly unnumberedHomes: readonly Home[];
  readonly presales: readonly PresaleFiling[];
  readonly resettlements: readonly ResettlementAgreement[];
  readonly leases: readonly RegisteredLease[];
  readonly publicRentals: readonly PublicRental[];
}

/** Deed tax (契税) on one home; every home that was bought has one. `happenedOn` is the day on which it fell due. */
export interface DeedTax extends Recorded {
  readonly homeId: string;
  readonly region: string;
  readonly addressCode: string;
  /** All who bought. */
  readonly payers: readonly PersonRef[];
  /** Day of payment; undefined while unpaid. */
  readonly paidOn: Day | undefined;
  /** Day from which the records show the payment. */
  readonly paymentRecordedOn: Day | undefined;
  readonly receiptNumber: string | undefined;
}

/** A business licence. `happenedOn` is the day of registration. */
export interface Business extends Recorded {
  /** Unified social credit code's shape, 18 characters, with the unassigned division code 375000. */
  readonly businessId: string;
  readonly kind: 'sole-trader' | 'company';
  readonly region: string;
  readonly legalRepresentative: PersonRef;
  /** Time in which it is active, bounds inclusive; `until` undefined while it trades. */
  readonly from: Day;
  readonly until: Day | undefined;
}

/** Tax on the rent of a home (个人出租房屋税), paid for the term of a lease. `happenedOn` is the day of payment. */
export interface RentalTax extends Recorded {
  readonly receiptNumber: string;
  readonly region: string;
  readonly addressCode: string;
  /** Tenants whom the receipt names. */
  readonly tenants: readonly PersonRef[];
  /** Time that it is paid for, bounds inclusive. */
  readonly from: Day;
  readonly until: Day;
}

/** One month of tax that a business declared (申报). `happenedOn` is the day of the declaration. */
export interface TaxFiling extends Recorded {
  readonly businessId: string;
  /** Month that is declared. */
  readonly month: Month;
  readonly region: string;
  /** Whether there was nothing to pay (零申报). */
  readonly zero: boolean;
}

/** An invoice for a home that was bought (购房发票). `happenedOn` is the day of issue. */
export interface PurchaseInvoice extends Recorded {
  readonly invoiceNumber: string;
  readonly homeId: string;
  readonly region: string;
  readonly addressCode: string;
  readonly buyers: readonly PersonRef[];
  /** Whether it is for the whole price, not for a down payment. */
  readonly full: boolean;
}

/** What the tax bureau has on record about one person, as of the population's day. */
export interface TaxFacts {
  readonly person: Person;
  readonly deedTaxes: readonly DeedTax[];
  readonly businesses: readonly Business[];
  readonly rentalTaxes: readonly RentalTax[];
  /** Oldest first. At most the last five years. */
  readonly filings: readonly TaxFiling[];
  readonly invoices: readonly PurchaseInvoice[];
}

/** What the tax bureau is asked for: lists that are not wanted are left empty. */
export interface TaxWithin {
  /** All unless said. */
  readonly lists?: readonly ('deedTaxes' | 'businesses' | 'rentalTaxes' | 'filings' | 'invoices')[];
}

export type Scheme = 'pension-employee' | 'pension-resident' | 'medical-employee' | 'medical-resident' | 'unemployment' | 'work-injury';

/** One month in one scheme. */
export interface InsuredMonth {
  readonly month: Month;
  readonly scheme: Scheme;
  /** County where the month is insured, 6 digits; may lie outside Shandong. */
  readonly region: string;
  /** Employer; undefined for the self-employed and for residents' schemes. */
  readonly employerId: string | undefined;
  /**
   * `regular`: paid when due. `back-payment` (补缴): not declared when due, paid later.
   * `arrears` (欠缴): declared by the employer and not paid when due; `paidOn` is undefined while it is owed.
   */
  readonly kind: 'regular' | 'back-payment' | 'arrears';
  readonly paidOn: Day | undefined;
  /** Day from which the records show it. */
  readonly recordedOn: Day;
}

/** Which insured months are wanted. */
export interface InsuredWithin {
  /** All unless said. */
  readonly schemes?: readonly Scheme[];
  /** Earliest month; ten years back unless said. */
  readonly from?: Month;
}

/** A job with an employer who insures. `happenedOn` is the first day. */
export interface Employment extends Recorded {
  readonly employerId: string;
  readonly region: string;
  /** Last day; undefined while employed. */
  readonly until: Day | undefined;
}

/** A registration as a flexible worker (灵活就业登记), who pays for their own insurance. `happenedOn` is the day of registration. */
export interface FlexibleWork extends Recorded {
  readonly region: string;
  /** Last day; undefined while registered. */
  readonly until: Day | undefined;
}

/** What social security has on record about one person, as of the population's day. */
export interface SocialSecurityFacts {
  readonly person: Person;
  /** Oldest month first. At most the last ten years. */
  readonly months: readonly InsuredMonth[];
  readonly employments: readonly Employment[];
  readonly flexibleWork: readonly FlexibleWork[];
}

/** Which agency's records. */
export type RecordsAgency = 'police' | 'housing' | 'tax' | 'social-security';

/** How a population is made. */
export interface PopulationOptions {
  /** The same seed gives the same people. Any whole number from 0 to 2^32 - 1; 2026 unless said. */
  readonly seed?: number;
  /** Families, at most 2^20; 1,000,000 unless said. A smaller population is a part of a larger one of the same seed. */
  readonly families?: number;
  /**
   * Day as of which the registries answer; 2026-09-30 unless said, so that insurance for August 2026 is on record. What is recorded later is
   * left out; at the latest 2026-09-30.
   */
  readonly today?: Day;
}

/** Who bears an ID number. */
export interface Found {
  readonly family: Family;
  readonly person: Person;
}

/** Invented people, computed from an index and never stored: asking costs microseconds and no memory. All methods are pure. */
export interface Population {
  readonly seed: number;
  /** How many families there are. */
  readonly families: number;
  readonly today: Day;
  /** The family with an index from 0 to `families - 1`; RangeError otherwise. */
  family(index: number): Family;
  /** The families who live in a county, city or province; nothing for a code without any. */
  familiesOf(region: string): Iterable<Family>;
  /** Who bears an ID number (normal form), in constant time. */
  find(idNumber: string): Found | undefined;
  police(person: Person): PoliceFacts;
  housing(person: Person): HousingFacts;
  /** Only some lists, when said: that much cheaper. */
  tax(person: Person, within?: TaxWithin): TaxFacts;
  /** Only some schemes or the months from one on, when said: that much cheaper. */
  socialSecurity(person: Person, within?: InsuredWithin): SocialSecurityFacts;
  /** Day to which an agency's records are complete, a few late ones aside. */
  asOf(agency: RecordsAgency): Day;
}
