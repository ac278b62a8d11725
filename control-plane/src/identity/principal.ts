/** Who asks: the organization everything is looked up in, and the person and token for the records. */
export interface Principal {
  readonly organizationId: string;
  readonly userId: string;
  readonly tokenId: string;
}
