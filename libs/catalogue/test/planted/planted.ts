/** One kind of fault: what is written in place of what, where in it the fault stands (a text of `to`), what is told, and what would mend it. */
export interface Planted {
  readonly kind: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** `to` unless said. */
  readonly at?: string;
  readonly told: string;
  readonly remedy: string;
}
