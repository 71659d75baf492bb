import { ConfigError, readEnvironment, storeUrlOf } from '../config/config.js';
import { BackupError, backUp } from '../store/backup.js';

/** sysexits.h: something has to be put right by a person. */
const badConfiguration = 78;

/** `npm run backup -- FILE`: a copy of the store, whether Easel runs or not. */
export async function backupTo(file: string): Promise<void> {
  try {
    const bytes = await backUp(storeUrlOf(readEnvironment()), file);
    process.stdout.write(`${file}: ${(bytes / 1e6).toFixed(1)} MB, whole.\n`);
  } catch (error) {
    if (!(error instanceof BackupError) && !(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = badConfiguration;
  }
}
