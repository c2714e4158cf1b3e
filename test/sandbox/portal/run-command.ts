import { execFile } from 'node:child_process';

export interface CommandAnswer {
  /** Null where there was no answer. */
  readonly status: number | null;
  readonly headers: Headers;
  readonly body: string;
}

export type Variables = Readonly<Record<string, string>>;

/** Runs a curl command as the shell would, as far as our page needs one, without a shell and without curl. */
export async function runParsed(command: string, variables: Variables): Promise<CommandAnswer> {
  const { url, method, headers, body } = readCurl(words(command, variables));
  try {
    const answer = await fetch(url, { method, headers, body });
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  } catch {
    return { status: null, headers: new Headers(), body: '' };
  }
}

/** Runs a curl command in a shell. */
export function runInShell(command: string, variables: Variables): Promise<CommandAnswer> {
  return new Promise((resolve, reject) => {
    const asked = `${command} --include --write-out '\\n%{http_code}'`;
    execFile('sh', ['-c', asked], { env: { ...process.env, ...variables } }, (error, stdout, stderr) => {
      // curl's own exit codes 52 and 56: the connection ended without an answer.
      if (error !== null && ![52, 56].includes(Number(error.code))) return reject(new Error(stderr, { cause: error }));
      const status = Number(stdout.slice(stdout.lastIndexOf('\n') + 1));
      const [head = '', body = ''] = stdout.slice(0, stdout.lastIndexOf('\n')).split(/\r\n\r\n(.*)/s);
      const headers = new Headers();
      for (const line of head.split('\r\n').slice(1)) headers.append(...(line.split(/: (.*)/s, 2) as [string, string]));
      resolve({ status: error === null ? status : null, headers, body });
    });
  });
}

/** The words of a shell command: single quotes, double quotes with variables, and a backslash at the end of a line. */
function words(command: string, variables: Variables): readonly string[] {
  const found: string[] = [];
  let word: string | null = null;
  const tokens = /\\\n|\s+|'([^']*)'|"([^"]*)"|\\(.)|([^\s'"\\]+)/gs;
  for (const [token, single, double, escaped, bare] of command.matchAll(tokens)) {
    if (/^(?:\\\n|\s+)$/.test(token)) {
      if (word !== null) found.push(word);
      word = null;
      continue;
    }
    const part =
      single ?? double?.replaceAll(/\$(\w+)/g, (_, name: string) => variables[name] ?? '') ?? escaped ?? bare;
    word = (word ?? '') + (part ?? '');
  }
  return word === null ? found : [...found, word];
}

function readCurl([program, ...rest]: readonly string[]) {
  if (program !== 'curl') throw new Error(`not curl: ${program}`);
  const headers = new Headers();
  const form = new URLSearchParams();
  let url = '';
  let method: string | null = null;
  let body: string | URLSearchParams | null = null;
  const queue = [...rest];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '-sS' || word === '-sSi') continue;
    else if (word === '-X') method = queue.shift() ?? '';
    else if (word === '-H') headers.append(...((queue.shift() ?? '').split(/: (.*)/s, 2) as [string, string]));
    else if (word === '-d') body = queue.shift() ?? '';
    else if (word === '-u')
      headers.set('authorization', `Basic ${Buffer.from(queue.shift() ?? '').toString('base64')}`);
    else if (word === '--data-urlencode') {
      form.append(...((queue.shift() ?? '').split(/=(.*)/s, 2) as [string, string]));
      body = form;
    } else if (word.startsWith('-')) throw new Error(`an option that is not known here: ${word}`);
    else url = word;
  }
  return { url, method: method ?? (body === null ? 'GET' : 'POST'), headers, body };
}
