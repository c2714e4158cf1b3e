/**
 * What a row asks the API to create: the contract's own field names with normalised text values, optional empty ones
 * absent, `acceptTerms` as 'true' or 'false'. Text only, so that it survives JSON and encryption unchanged; the
 * contract's to-request gives the values their types.
 */
export type LeadFields = Readonly<Record<string, string>>;

/** What a row asks the API to set on a lead. */
export interface StatusUpdateFields {
  readonly leadId: string | null;
  readonly partnerLeadId: string | null;
  readonly estado: string;
  readonly observacion: string;
}

/** One field of alta lead, as the contract states it. The rules for rows are derived from this table alone. */
export interface FieldRule {
  readonly name: string;
  readonly required: boolean;
  /** In characters (code points, NFC). Null: the contract states none. */
  readonly maxLength: number | null;
  /** Steers what happens to the lead: wrong values reject the row. Others are left out with a warning. */
  readonly steering: boolean;
  /** The only legal values, where the contract closes the list. */
  readonly values: readonly string[] | null;
}
