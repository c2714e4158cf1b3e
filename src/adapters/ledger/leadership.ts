import pg from 'pg';

/** Any number that nobody else in this database locks. */
const lockKey = 7_201_125;

/** Far longer than a turn of the leader's, and as long as a service counts as alive. */
const silenceMs = 15_000;

export interface Leadership {
  /** True while this process leads: takes the lead where it is free. Never throws for a database that is away. */
  tryLead(): Promise<boolean>;
  isLeading(): boolean;
  /** Gives the lead up for good. Idempotent. */
  resign(): Promise<void>;
}

/**
 * One leader of a ledger: a session advisory lock on a connection of its own. The lock ends with the connection, so a
 * leader that dies or is cut off is followed by another at once, and notices at its next turn. One that is frozen keeps
 * its connection, so the server ends a session that has been silent for `silentMs` (15 s by default).
 */
export function createLeadership(url: string, { silentMs = silenceMs } = {}): Leadership {
  let client: pg.Client | null = null;
  let leading = false;
  let resigned = false;
  let asking: Promise<boolean> | null = null;

  function lose(lost: pg.Client): void {
    if (client !== lost) return;
    client = null;
    leading = false;
  }

  async function connect(): Promise<pg.Client> {
    const made = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      // A connection that is gone without a word would hold the question for ever.
      query_timeout: 5_000,
      application_name: 'leadsync leader',
    });
    client = made;
    made.on('error', () => lose(made));
    made.on('end', () => lose(made));
    await made.connect();
    // Not as a start-up option, which a server older than 14 would refuse.
    await made.query(`select set_config(name, $1, false) from pg_settings where name = 'idle_session_timeout'`, [
      String(silentMs),
    ]);
    return made;
  }

  async function ask(): Promise<boolean> {
    if (resigned) return false;
    try {
      const connected = client ?? (await connect());
      // Asked each time: a connection that is gone without a word shows itself here.
      const statement = leading ? 'select true as leads' : `select pg_try_advisory_lock(${lockKey}) as leads`;
      const { rows } = await connected.query<{ leads: boolean }>(statement);
      leading = client === connected && rows[0]?.leads === true;
    } catch {
      const broken = client;
      client = null;
      leading = false;
      // Not awaited: the goodbye of a dead connection may never be answered.
      void broken?.end().catch(() => undefined);
    }
    return leading;
  }

  return {
    tryLead: () => (asking ??= ask().finally(() => (asking = null))),
    isLeading: () => leading,
    async resign() {
      resigned = true;
      await asking;
      leading = false;
      const held = client;
      client = null;
      await held?.end();
    },
  };
}
