/** What is stored about a user, and for how long. */
export const privacy = {
  'privacy.kept':
    'For each order I keep your words, the links to pictures you handed in, who asked, where and when, what it costs, and where the answer is. I need it to finish the order, to post it and for the button that makes it once more.',
  'privacy.days':
    'All of it goes {{days}} days after the order is done. Where Discord once took a file of mine in your direct messages for too large, I know for 30 days how large one may be there.',
  'privacy.archive':
    'Each result is also kept as it was made, on the disk of whoever runs this bot, for {{days}} days; it goes with the rest when you have your data deleted.',
  'privacy.cos':
    'A copy of each result stays in a cloud storage of whoever runs this bot (Tencent Cloud COS) until they remove it: it has no end of its own, and I do not delete it with your data. Ask them for that.',
  'privacy.sources.cos':
    'Pictures you hand in lie in that storage too, until the order they belong to is over.',
  'privacy.sources.discord':
    'Pictures you hand in are fetched from Discord. One that I have to convert first is attached to the card of your order, where everybody who sees the card can see it, until the order is over.',
  'privacy.mps':
    'Your words and pictures go to Tencent Cloud MPS, which makes the result. What was posted stays in Discord until somebody deletes it there.',
  'privacy.guild': 'Of a server I keep its settings. When it removes me they go, and its orders are emptied.',
  'privacy.account':
    'If you have your data deleted, the time and the cost of your orders stay until then, with a number in place of you: limits would start afresh otherwise.',
  'privacy.sure':
    'Everything I keep of what you asked for goes: words, pictures, where the answers are, and extra quota that names you. The buttons under your results stop working. This cannot be undone.',
  'privacy.done': 'Done. Orders emptied: {{count}}.',
  'privacy.partly':
    'Not all of it is gone yet. Orders emptied: {{count}}. A part of Easel is not at work just now, and still keeps what it has of you: please delete your data once more in a few minutes.',
  'privacy.later':
    'Still on their way: {{count}}. They come as ordered, and each is emptied as soon as it is over.',
};
