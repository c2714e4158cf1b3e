import pg from 'pg';

/** Any number that nobody else in this database locks. */
const lockKey = 7_201_125;

export interface Leadership {
  /** True while this process leads: takes the lead where it is free. Never throws for a database that is away. */
  tryLead(): Promise<boolean>;
  isLeading(): boolean;
  resign(): Promise<void>;
}

/**
 * One leader of a ledger: a session advisory lock on a connection of its own. The lock ends with the connection, so a
 * leader that dies or is cut off is followed by another at once, and notices at its next turn.
 */
export function createLeadership(url: string): Leadership {
  let client: pg.Client | null = null;
  let leading = false;

  async function connect(): Promise<pg.Client> {
    const made = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: 'leadsync leader',
    });
    const lose = (): void => {
      if (client === made) {
        client = null;
        leading = false;
      }
    };
    made.on('error', lose);
    made.on('end', lose);
    await made.connect();
    return made;
  }

  async function tryLead(): Promise<boolean> {
    try {
      client ??= await connect();
      // Asked each time: a connection that is gone without a word shows itself here.
      const statement = leading ? 'select true as leads' : `select pg_try_advisory_lock(${lockKey}) as leads`;
      const { rows } = await client.query<{ leads: boolean }>(statement);
      leading = rows[0]?.leads === true;
    } catch {
      leading = false;
      const broken = client;
      client = null;
      await broken?.end().catch(() => undefined);
    }
    return leading;
  }

  return {
    tryLead,
    isLeading: () => leading,
    async resign() {
      leading = false;
      const held = client;
      client = null;
      await held?.end();
    },
  };
}
