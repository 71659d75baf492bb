/** sysexits.h: the command was used wrongly. */
const wrongUsage = 64;

const usage =
  'Usage: npm start, npm run register [-- --guild ID] with the id of one of your servers, npm run doctor [-- --json], or npm run backup -- FILE.';
const asked =
  /^(?:(?<register>register)(?: --guild[ =](?<guildId>\d{17,20}))?|(?<doctor>doctor)(?<json> --json)?|backup (?<file>[^-].*))?$/;

const words = asked.exec(process.argv.slice(2).join(' '));
// Loaded by now, not before: the bot is large, and a mistyped word is answered at once.
if (!words) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = wrongUsage;
} else if (words.groups?.doctor) {
  const { consult } = await import('./app/consult.js');
  await consult({ json: words.groups.json !== undefined });
} else if (words.groups?.file) {
  const { backupTo } = await import('./app/backup.js');
  await backupTo(words.groups.file);
} else {
  const { run } = await import('./app/run.js');
  await run(words.groups?.register ? 'register' : 'start', words.groups?.guildId);
}
