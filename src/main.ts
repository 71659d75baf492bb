/** sysexits.h: wrong usage. */
const wrongUsage = 64;

const usage = `Usage: npm start, or one of
  npm run register [-- --guild ID [--remove]]  with the ID of one of your servers
  npm run doctor [-- --json]
  npm run backup -- FILE
  npm run store:copy -- FROM TO [--dry-run]    with two URLs as in STORE_URL`;
const asked = new RegExp(
  `^(?:${[
    String.raw`(?<register>register)(?: --guild[ =](?<guildId>\d{17,20})(?<remove> --remove)?)?`,
    '(?<doctor>doctor)(?<json> --json)?',
    'backup (?<file>[^-].*)',
    String.raw`store:copy(?<dry> --dry-run)? (?<from>\w+:\S+) (?<to>\w+:\S+)(?<last> --dry-run)?`,
  ].join('|')})?$`,
);

// Easel's files hold tokens and prompts: no other user of this machine may read them.
process.umask(0o077);

const words = asked.exec(process.argv.slice(2).join(' '));
// Loaded on demand: the bot is large, and a mistyped command should fail at once.
if (!words) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = wrongUsage;
} else if (words.groups?.doctor) {
  const { consult } = await import('./cli/doctor.js');
  await consult({ json: words.groups.json !== undefined });
} else if (words.groups?.file) {
  const { backupTo } = await import('./cli/backup.js');
  await backupTo(words.groups.file);
} else if (words.groups?.from && words.groups.to) {
  const { copyAtDesk } = await import('./cli/store-copy.js');
  const { from, to, dry, last } = words.groups;
  process.exitCode = await copyAtDesk(from, to, (dry ?? last) !== undefined);
} else {
  const { run } = await import('./cli/start.js');
  const { register, remove, guildId } = words.groups ?? {};
  await run(remove ? 'unregister' : register ? 'register' : 'start', guildId);
}
