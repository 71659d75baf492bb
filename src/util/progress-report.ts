/** Tells the operator what is going on whenever nothing has ended for a while. */
export interface Progress {
  /** What is being done from now on, as in "connecting to Discord". */
  now(what: string): void;
  end(): void;
}

interface Options {
  readonly say: (what: string, seconds: number) => void;
  /** ms between two words, whatever is done meanwhile. @default 8_000: no one looks at a silent terminal for ten seconds. */
  readonly quietMs?: number;
}

/** Says nothing if everything is done within `quietMs`. Doesn't keep the process from exiting. */
export function createProgress({ say, quietMs = 8_000 }: Options): Progress {
  let doing = '';
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += quietMs / 1000;
    if (doing !== '') say(doing, seconds);
  }, quietMs);
  timer.unref();
  return {
    now(what) {
      doing = what;
    },
    end: () => clearInterval(timer),
  };
}

/** Does `work`, with words on stderr while it lasts, so that what a command prints on stdout stays as it is. */
export async function withProgress<T>(
  what: string,
  work: (progress: Pick<Progress, 'now'>) => Promise<T>,
): Promise<T> {
  const progress = createProgress({
    say: (doing, seconds) => process.stderr.write(`Still ${doing} (${seconds} s) …\n`),
  });
  progress.now(what);
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}
