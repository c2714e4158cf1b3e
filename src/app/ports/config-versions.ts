/** Which configuration is in force, for the audit log: versions are hashes, and nothing of a secret goes into one. */
export interface ConfigVersions {
  /**
   * Writes down what has changed since it was told last, by whichever process: an event for a partner, one for the
   * settings, one for a partner whose config is gone. Nothing where nothing has changed.
   */
  noteInForce(versions: VersionsInForce, actor: string): Promise<void>;
}

export interface VersionsInForce {
  readonly settings: string;
  readonly partners: readonly { readonly id: string; readonly version: string }[];
}
