/** What is stored about a user, and for how long. */
export const privacy = {
  'privacy.kept':
    'For each order I store your prompt, links to the pictures you uploaded, who ordered it, where and when, what it costs, and where the answer is. I need this to finish the order, to post the result, and for the Again button. If I refuse an order or ask about it first, I keep what you typed for an hour; a form that you open, for a day.',
  'privacy.days_one':
    'All of this is deleted {{days}} day after the order is done. If Discord once rejected a file of mine in your direct messages as too large, I remember the size limit there for 30 days.',
  'privacy.days_other':
    'All of this is deleted {{days}} days after the order is done. If Discord once rejected a file of mine in your direct messages as too large, I remember the size limit there for 30 days.',
  'privacy.archive_one':
    "The original of each result is also kept on the operator's disk for {{days}} day; it is deleted with the rest if you delete your data.",
  'privacy.archive_other':
    "The original of each result is also kept on the operator's disk for {{days}} days; it is deleted with the rest if you delete your data.",
  'privacy.cos':
    "A copy of each result stays in the operator's cloud storage (Tencent Cloud COS) until they remove it: it has no time limit, and I don't delete it with your data. Ask the operator for that.",
  'privacy.sources.cos': 'Pictures you upload are kept in that storage too, until their order is done.',
  'privacy.sources.discord':
    'Pictures you upload are fetched from Discord. If one has to be converted first, it is attached to the message about your order until the order is done, and anyone who can see that message can see it.',
  'privacy.mps':
    'Your prompts and pictures are sent to Tencent Cloud, whose image service makes the result. What I posted stays in Discord until someone deletes it there.',
  'privacy.guild':
    "For each server I keep its settings; they are deleted when I'm removed, and the contents of its orders with them. After that I still remember the server's ID, so that I never greet it twice.",
  'privacy.account':
    'If you delete your data, the times and costs of your orders stay for the same period, under a number instead of your name, so that limits keep counting.',
  'privacy.sure':
    'This deletes the contents of your orders: prompts, pictures, where the answers are, and extra quota given to you by name. Of the buttons below your results, only Delete keeps working. This cannot be undone.',
  'privacy.sure.messages':
    'What I posted for you stays in Discord, where others can see it, unless you delete that too. You can also delete each result with the button below it.',
  'privacy.messages.going_zero': "I haven't posted anything for you that I could delete.",
  'privacy.messages.going_one': "I'm now deleting {{count}} message that I posted for you.",
  'privacy.messages.going_other':
    "I'm now deleting {{count}} messages that I posted for you. This can take a few minutes.",
  'privacy.messages.deleted_zero': 'No messages were deleted.',
  'privacy.messages.deleted_one': '{{count}} message that I posted for you was deleted.',
  'privacy.messages.deleted_other': '{{count}} messages that I posted for you were deleted.',
  'privacy.messages.failed_one':
    "{{count}} message couldn't be deleted: I can't reach it, or only moderators can delete results there. Try the Delete button below it, or ask a moderator.",
  'privacy.messages.failed_other':
    "{{count}} messages couldn't be deleted: I can't reach them, or only moderators can delete results there. Try the Delete button below each, or ask a moderator.",
  'privacy.done_zero': 'Done. There were no finished orders to remove your data from.',
  'privacy.done_one': 'Done. Your data was removed from {{count}} record.',
  'privacy.done_other': 'Done. Your data was removed from {{count}} records.',
  'privacy.partly_one':
    'Your data was removed from {{count}} record, but not everywhere: a part of Easel is offline and still has its share. Please delete your data again in a few minutes.',
  'privacy.partly_other':
    'Your data was removed from {{count}} records, but not everywhere: a part of Easel is offline and still has its share. Please delete your data again in a few minutes.',
  'privacy.later_one':
    '{{count}} result is still in progress. It will be delivered, and its data is removed as soon as it is done.',
  'privacy.later_other':
    '{{count}} results are still in progress. They will be delivered, and their data is removed as soon as each is done.',
};
