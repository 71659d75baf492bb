import { ConfigError, readEnvironment, storeUrlOf } from '../config/config.js';
import { BackupError, backUp } from '../store/backup.js';
import { withProgress } from '../util/progress-report.js';

/** sysexits.h: the operator has to fix something. */
const badConfiguration = 78;

/** `npm run backup -- FILE`: copies the store, whether Easel is running or not. */
export async function backupTo(file: string): Promise<void> {
  try {
    const bytes = await withProgress('copying the store and checking the copy', () =>
      backUp(storeUrlOf(readEnvironment()), file),
    );
    process.stdout.write(`${file}: ${(bytes / 1e6).toFixed(1)} MB, whole.\n`);
  } catch (error) {
    if (!(error instanceof BackupError) && !(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = badConfiguration;
  }
}
