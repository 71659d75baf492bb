/** Why a command, a mention or a button is refused. */
export const errors = {
  'error.guildOnly': 'This only works in a server. Use it in a channel of a server that has Easel.',
  'error.manageGuild':
    'You need the Manage Server permission for this. Ask someone who has it to do it, or to give it to you.',
  'error.operatorOnly': 'Only the operators of this bot can do this. Ask one of them.',
  'error.policy.channel': 'In this server, Easel only works in {{channels}}. Use it there.',
  'error.policy.role':
    'In this server, Easel is only for members with {{roles}}. Ask an admin of the server for access.',
  'error.policy.model': '{{model}} is switched off in this server. Pick another model, or leave it out.',
  'error.policy.content.image':
    'In this server, pictures can only be made in age-restricted channels. Use one of those.',
  'error.policy.content.video':
    'In this server, clips can only be made in age-restricted channels. Use one of those.',
  'error.release.soon': 'This task is changing state. Try again in a moment.',
  'error.release.waiting':
    'This is still waiting in line. Press Cancel below it, or in /tasks, and nothing is charged.',
  'error.release.coming':
    "This is done and about to be posted, so it's too late to stop waiting. You can delete it once it has been posted.",
  'error.release.came': 'This result has already been posted. To remove it, press Delete below it.',
  'error.release.over': 'This is already over, so there is nothing to wait for.',
  'error.release.notYours': 'Only the user who ordered this, or a moderator, can do that. Ask one of them.',
  'error.release.moderated': 'A moderator has decided about this one. Ask them if you still need it.',
  'error.delete.off':
    'In this server, only members with the Manage Messages permission can delete results. Ask one of them.',
  'error.delete.unknown':
    'I no longer know who ordered this, so only a member with Manage Messages can delete it. Ask one of them.',
  'error.delete.notYours':
    'Only the user who ordered this, or a member with Manage Messages, can delete it. Ask one of them.',
  'error.details.private': 'This is private: only the user who ordered it can use these buttons.',
  'error.details.unseen':
    "This was ordered in a channel that you can't see. Order something of your own instead.",
  'error.form.gone': 'This form has expired. Open it again.',
  'error.form.notYours': 'Someone else opened this form. Open your own.',
  'error.disabled.additional':
    'This was made with extra parameters, which are switched off here. Press Edit to order it without them.',
  'error.access.guild':
    "I don't take new orders in this server: the operator of this bot decides where it works. Earlier orders will still be delivered. Ask the operator to allow this server.",
  'error.access.direct': "I don't take orders in direct messages. Use me in a server.",
  'error.access.userInstall':
    'I only take orders in servers that have added me. Ask someone who manages this server to add me, or use me in another one.',
  'offer.accepted': 'Ordered.',
  'offer.gone': 'This offer has expired. Please ask again.',
  'offer.taken': 'Already ordered. Each offer can be accepted once.',
  'offer.notYours': 'This was offered to someone else. Use a command of your own.',
  'error.noPicture': 'There is no picture in this message. Pick one that has a picture.',
  'reply.help':
    "Mention me with a description and I'll paint it. Reply to a picture, mention me and say what happens, and I'll animate it. Options go at the end, such as --ar 9:16 or --duration 10.",
  'reply.thanks': "You're welcome! Send me a description whenever you want another picture.",
  'ask.words': 'Shall I paint this? Nothing has been ordered yet.',
  'ask.picture': 'Should I change the picture, or make a clip of it? Nothing has been ordered yet.',
  'reply.withheld':
    "I can't see that picture here. Right-click it (press and hold on a phone) and choose Apps › Animate.",
  'reply.private':
    'In this server, answers are only for the member who asks, but everyone can see the answer to a mention. Try instead:',
  'reply.private.image': '· /imagine and a description, for a picture',
  'reply.private.video':
    '· /animate and a description, for a clip; or right-click a picture (press and hold on a phone) and choose Apps › Animate',
  'media.clip':
    '{{name}} is a clip or a sound, and I can only use pictures, so nothing was ordered. Use a picture, or send only a description.',
  'media.useless':
    "{{name}} isn't a picture I can open, so nothing was ordered. Upload it as PNG or JPEG, or send only a description.",
  'reply.unfinished':
    "That picture isn't finished yet, so nothing was ordered. Reply to it again once it's there.",
  'reply.lost':
    "I can't find the message you replied to; it may have been deleted. Upload the picture together with your description instead.",
  'reply.noSuchPicture':
    'There are {{count}} pictures here, so there is no number {{asked}}. Start with a number from 1 to {{count}} and a colon.',
  'reply.noSuchResult':
    'There is no picture {{asked}} in that message: it failed, was deleted, or is a clip. Start with one of these numbers and a colon: {{numbers}}.',
  'error.internal':
    'Something went wrong inside Easel, and nothing was ordered. If it happens again, give the operator of this bot the number {{incident}}.',
  'error.store':
    "Easel can't save new orders right now, so it isn't taking any. Earlier orders continue. Please try again in a few minutes.",
  'error.stopping': 'Easel is restarting. Please try again in a moment.',
  'error.disabled.image': 'Pictures are switched off on this bot. You can still make clips with /animate.',
  'error.disabled.video': 'Clips are switched off on this bot. You can still make pictures with /imagine.',
  'error.refused.words':
    'Discord blocked my answer because of the words it repeats (most likely AutoMod in this server). Rephrase them and try again.',
  'error.refused.file': "Discord's media filter blocked a file in this answer, so I can't show it here.",
  'error.thread.locked':
    "This thread is locked, so I couldn't post a result here. Nothing was ordered. Use another channel, or ask a moderator to unlock it.",
  'error.permission.view':
    "I can't see this channel, so I haven't started. Try another channel, or ask a moderator to give me View Channel.",
  'error.permission.send':
    "I can't post in this channel, so I haven't started. Try another channel, or ask a moderator to give me Send Messages.",
  'error.permission.sendInThread':
    "I can't post in this thread, so I haven't started. Try another channel, or ask a moderator to give me Send Messages in Threads.",
  'error.permission.attach':
    "I can't post files in this channel, so I haven't started. Try another channel, or ask a moderator to give me Attach Files.",
  'error.command.unknown': 'This command no longer exists. Reload Discord, then pick it from the list again.',
  'error.button.unknown':
    'This button is from an older version of Easel and no longer works. Use a command instead.',
  'error.button.notYours': "This is someone else's. Only the user who ordered it can get it.",
  'error.button.collecting': 'Already being posted. It will appear where you first clicked.',
  'error.away': 'Part of Easel is offline right now. Nothing is lost; please try again in a moment.',
  'error.button.nothingKept': 'There is nothing to get: it has already been posted, or is still being made.',
  'error.cancel.late':
    "Too late to cancel: it's already being made and will count. You'll get the result when it's ready.",
  'error.cancel.notYours': 'Only the user who ordered this, or a moderator, can cancel it. Ask one of them.',
  'error.upscale.none': 'There is no higher resolution for this any more. Press Edit to pick another model.',
  'error.moderatorsOnly':
    "Only members who can manage this server or its messages can see everyone's tasks. Leave out the whose option to see your own.",
  'pick.gone': "Number {{number}} isn't in this message any more.",
  'erase.done': 'Result {{number}} is deleted.',
  'erase.closed': "I can't change that message any more. Press Delete below it to delete all of it.",
  'retry.futile': 'The same order would fail again. Press Edit to change it.',
  'error.button.gone':
    'I no longer have this order (too old, or its data was deleted). Use a command instead.',
};
