/** Why a command, a mention or a button is refused. */
export const errors = {
  'error.guildOnly': 'This belongs to a server that Easel is a member of. Use it in a channel there.',
  'error.manageGuild':
    'This is for people with the permission Manage Server. Ask one of them to do it, or to give you the permission.',
  'error.operatorOnly': 'This is only for the people who run this bot.',
  'error.policy.channel': 'On this server Easel works only in {{channels}}. Ask there.',
  'error.policy.role': 'On this server Easel is for members with {{roles}}. Ask its admins for the role.',
  'error.policy.model': '{{model}} is switched off on this server. Pick another model, or leave it out.',
  'error.policy.content.image':
    'On this server pictures are made only in age-restricted channels. Ask in one of those.',
  'error.policy.content.video':
    'On this server clips are made only in age-restricted channels. Ask in one of those.',
  'error.release.soon': 'This is changing hands at this very moment. Look again in a moment.',
  'error.release.waiting':
    'This one still waits in line. Press Cancel under it, or in /tasks, and nothing is charged.',
  'error.release.coming':
    'This one is done already and on its way here: there is nothing left to let go. Delete it when it has come.',
  'error.release.came': 'This one has come already. To be rid of it, press Delete under it.',
  'error.release.over': 'This one is over already: there is nothing left to let go.',
  'error.release.notYours': 'Only the person who ordered this, or a moderator, can let it go.',
  'error.release.moderated': 'A moderator has let this go. Ask them if you need it after all.',
  'error.delete.off': 'Here only moderators remove results. Ask one of them.',
  'error.delete.notYours': 'Only the person who ordered this, or a moderator, can delete it.',
  'error.details.private': 'This was made for one person alone, and only they can look into it.',
  'error.form.gone': 'This form was open for too long. Open it once more.',
  'error.form.notYours': 'This form was opened by somebody else. Open one of your own.',
  'error.disabled.additional':
    'This was made with additional parameters, which are switched off here. Press Edit to order it without them.',
  'error.access.guild':
    'I take no orders on this server: whoever runs this bot chooses the servers. What was ordered before is still delivered.',
  'error.access.direct': 'I take no orders in direct messages. Use me on a server.',
  'error.access.userInstall':
    'I take orders only on servers that have added me. Ask somebody who manages this server to add me, or use me on another one.',
  'error.noPicture': 'There is no picture in this message. Pick one that shows a picture.',
  'reply.help':
    'Tell me what to make. Mention me with a few words and I paint them; reply to a picture, mention me and say what happens, and it moves. Options go at the end, such as --ar 9:16 or --duration 10.',
  'reply.withheld':
    'Discord does not show me other people’s messages, so I cannot see the picture you replied to. Two ways work: right-click that message (hold it on a phone) and pick Apps › Animate; or whoever runs this bot sets MESSAGE_CONTENT_INTENT=true.',
  'reply.private':
    'On this server answers are for the person who asks alone, and a mention can only be answered in front of everybody. This way it works:',
  'reply.private.image': '· /imagine and your words, for a picture',
  'reply.private.video':
    '· /animate and your words, for a clip; or right-click a picture (hold it on a phone) and pick Apps › Animate',
  'media.clip':
    '{{name}} is a clip or a sound, and I can only work from pictures, so nothing was ordered. Use a picture, or send your words alone.',
  'media.useless':
    '{{name}} is no picture that I can open, so nothing was ordered. Upload it as png or jpeg, or send your words alone.',
  'reply.unfinished':
    'That picture is not finished yet, so nothing was ordered. Reply to it again once it is there.',
  'reply.lost':
    'I cannot find the message you replied to; it may have been deleted. Upload the picture together with your words instead.',
  'reply.noSuchPicture':
    'There are {{count}} pictures here, and no number {{asked}}. Begin your words with a number from 1 to {{count}} and a colon.',
  'error.internal':
    'Something went wrong inside Easel, and nothing was ordered. If it happens again, give whoever runs this bot the number {{incident}}.',
  'error.store':
    'Easel cannot write down new orders right now, so it takes none. What was ordered before goes on. Please try again in a few minutes.',
  'error.stopping': 'Easel is restarting. Please try again in a moment.',
  'error.disabled.image': 'Pictures are switched off on this bot.',
  'error.disabled.video': 'Clips are switched off on this bot.',
  'error.refused.words':
    'Discord refused my answer because of the words it repeats (AutoMod in this server, most likely). Rephrase them, or ask me in a direct message.',
  'error.refused.file': "Discord's media filter refused a file of this answer, so I can't show it here.",
  'error.thread.locked':
    "This thread is locked, so I couldn't post a result here. Nothing was ordered. Use another channel, or ask a moderator to unlock it.",
  'error.permission.view':
    'I cannot see this channel, so I could not post the result here. Give Easel the permission View Channel, or ask elsewhere.',
  'error.permission.send':
    'I may not write in this channel, so I could not post the result here. Give Easel the permission Send Messages, or ask elsewhere.',
  'error.permission.sendInThread':
    'I may not write in this thread, so I could not post the result here. Give Easel the permission Send Messages in Threads, or ask elsewhere.',
  'error.permission.attach':
    'I may not attach files in this channel, so I could not post the result here. Give Easel the permission Attach Files, or ask elsewhere.',
  'error.command.unknown':
    'This command is not known any more. Reload Discord, then pick it from the list again.',
  'error.button.unknown': 'This button is from an older Easel and works no more. Use a command instead.',
  'error.button.notYours': "This is somebody else's. Only the person who ordered it can fetch it.",
  'error.button.collecting': 'I am bringing it already: it appears where you pressed first.',
  'error.away':
    'The part of Easel that looks after this one is not at work just now. Nothing is lost: please try again in a moment.',
  'error.button.nothingKept':
    'This one does not wait to be fetched: it was posted already, or is still on its way.',
  'error.cancel.late':
    'It is too late to cancel: MPS is at work on it already, and bills it. It comes when it is done.',
  'error.cancel.notYours': 'Only the person who ordered this, or a moderator, can cancel it.',
  'error.upscale.none': 'Its model has nothing sharper any more. Press Edit and pick another one.',
  'error.moderatorsOnly':
    'Only those who may manage this server or its messages see the tasks of everybody. Leave out whose to see your own.',
  'error.button.gone': 'This is too long ago: I no longer know what was asked. Use a command instead.',
};
