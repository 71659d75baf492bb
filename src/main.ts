/** sysexits.h: the command was used wrongly. */
const wrongUsage = 64;

const usage = 'Usage: npm start, or npm run register [-- --guild ID] with the id of one of your servers.';
const asked = /^(?<task>register(?: --guild[ =](?<guildId>\d{17,20}))?)?$/;

const words = asked.exec(process.argv.slice(2).join(' '));
if (words) {
  // Loaded by now, not before: the bot is large, and a mistyped word is answered at once.
  const { run } = await import('./app/run.js');
  await run(words.groups?.task ? 'register' : 'start', words.groups?.guildId);
} else {
  process.stderr.write(`${usage}\n`);
  process.exitCode = wrongUsage;
}
