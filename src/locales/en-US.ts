import { guildEnUS } from './en-US.guild.js';
import { operatorEnUS } from './en-US.operator.js';

/** Every text a person reads, in English. The keys of this table are the keys of all languages. */
export const enUS = {
  ...guildEnUS,
  ...operatorEnUS,

  // Commands, as Discord lists them: at most 100 characters each.
  'imagine.description': 'Paint a picture from your words',
  'imagine.prompt': 'What the picture shows, up to 1000 characters',
  'imagine.then_animate':
    'What the picture does then: a clip is made of it. Options go in too: it runs --duration 10',
  'imagine.enhance': 'Let MPS polish your prompt first (on unless you say no)',
  'animate.description': 'Make a clip from your words, or make a picture move',
  'animate.prompt': 'What happens in the clip, up to 2000 characters',
  'animate.image': 'The picture the clip begins with: jpeg or png under 10 MB',
  'animate.duration': 'Length in seconds; how many depends on the model',
  'animate.aspect_ratio': 'Width to height, for a clip without a picture',
  'animate.audio': 'Make sound with it, where the model can',

  'option.negative': 'What it should not show',
  'option.model': 'Which model makes it; the default is fine for most',
  'option.aspect_ratio': 'Width to height, such as 16:9',
  'option.size': 'Width x height in pixels, such as 1024x1024',
  'option.resolution': 'How sharp; which ones depends on the model',
  'option.reference': 'A picture it should resemble; how many depends on the model',
  'option.reference_type': 'What your prompt calls the references, in order: fox, snow',
  'option.enhance': 'Let MPS polish your prompt first',
  'option.format': 'File format',
  'option.scene': 'A special kind of result, where the model has one',
  'option.watermark': 'Put a visible AI mark on it',
  'option.private': 'Only you see the answer',
  'option.additional': 'AdditionalParameters of MPS as JSON; passed on unchecked',
  'animate.last_image': 'The picture the clip ends with; needs a first one',
  'animate.music': 'Add music',
  'animate.off_peak': 'Cheaper, but may take up to 48 hours',
  'models.description': 'Which models are on offer, and what they can do',
  'models.kind': 'Only models for pictures, or for clips',
  'models.image': 'Pictures',
  'models.video': 'Clips',
  'models.usual': '{{model}} unless you choose',
  'model.line': '{{label}}: {{facts}}',
  'model.comma': ', ',
  'model.references': 'references: {{count}}',
  'model.needs.image': 'needs a first picture',
  'model.needs.references': 'needs references',
  'model.needs.either': 'needs a first picture or references',
  'model.seconds': '{{seconds}} s ({{fewer}} s at {{resolution}})',
  'model.soundFrom': 'sound from {{resolution}}',
  'model.pictures': '{{count}} pictures at once',
  'model.lastFrame': 'last frame',
  'model.lastFrameAt': 'last frame at {{resolution}}',
  'model.unlisted': 'unlisted',
  'model.price.image': '≈ {{amount}} {{currency}} each',
  'model.price.video': '≈ {{amount}} {{currency}}/s',
  'tasks.description': 'What you have ordered, and results that wait for you',
  'tasks.whose': 'Yours, or with Manage Server or Manage Messages those of the whole server',
  'tasks.of.mine': 'mine',
  'tasks.of.server': 'the whole server’s',
  'tasks.server': 'Tasks of this server',
  'tasks.none.mine': 'You have nothing on its way. Order a picture with /imagine or a clip with /animate.',
  'tasks.none.server': 'Nothing was ordered on this server lately.',
  'tasks.hidden.image': 'a private picture',
  'tasks.hidden.video': 'a private clip',
  'tasks.cost.image': 'pictures: {{amount}}',
  'tasks.noWords': 'a picture in motion',
  'tasks.kept': 'done, but I could not post it: fetch it with the button below',
  'tasks.stillKept':
    'I could not hand it over just now. It is still kept for you: fetch it again from /tasks in a moment.',
  'tasks.elsewhere': 'It has reached you on another way in the meantime; /tasks leads to it.',
  'tasks.received': 'just taken',
  'tasks.held': 'waiting for its picture',
  'tasks.queued': 'waiting in line',
  'tasks.position': 'waiting in line, {{ahead}} ahead',
  'tasks.told': 'did not work out',
  'tasks.submitting': 'being placed',
  'tasks.searching': 'finding out whether the order went through',
  'tasks.running': 'being made',
  'tasks.running.until': 'being made, ready {{end}}',
  'tasks.fetching': 'done, being brought here',
  'tasks.delivering': 'done, being posted',
  'tasks.failed': 'did not work out; the reason is on its way to you',
  'tasks.cancelled': 'cancelled',
  'tasks.discarded': 'let go and dropped',
  'tasks.released.deliver': 'being made; it comes quietly',
  'tasks.released.drop': 'let go; it is dropped when it is done',
  'tasks.delivered': 'posted',
  'tasks.removed': 'posted, and deleted since',
  'gallery.description': 'What was made here lately',
  'gallery.person': 'Only what this person ordered',
  'gallery.model': 'Only what this model made',
  'gallery.kind': 'Only pictures, or only clips',
  'gallery.title.server': 'Made here lately',
  'gallery.title.own': 'Made by you lately',
  'gallery.page': 'page {{page}} of {{pages}}',
  'gallery.none':
    'Nothing to show has been made here yet. Order a picture with /imagine or a clip with /animate.',
  'gallery.noMatch': 'Nothing like that has been made here lately. Leave out a filter, or pick another.',

  // What a card says of a task on its way.
  'card.next': 'about to begin',
  'card.ahead': 'waiting in line, {{ahead}} ahead of you; your turn comes {{start}}',
  'card.running.image': 'painting; this usually takes 1 to 3 minutes',
  'card.running.video': 'filming; this usually takes 3 to 5 minutes',
  'card.usual.image': 'painting; usually done {{median}}, nearly always {{p90}}',
  'card.usual.video': 'filming; usually done {{median}}, nearly always {{p90}}',
  'card.slow.image': 'painting; taking a little longer, nearly always done {{p90}}',
  'card.slow.video': 'filming; taking a little longer, nearly always done {{p90}}',
  'card.late.image': 'painting; this takes longer than expected, now most likely done {{median}}',
  'card.late.video': 'filming; this takes longer than expected, now most likely done {{median}}',
  'card.sourcesShown':
    'your picture had to be converted, so it is attached to this message until the order is over; whoever sees this message can see it',
  'card.searching':
    'the connection broke while this was being ordered. I am finding out whether the order went through; it is not ordered twice',
  'card.fetching': 'done; bringing it here',
  'card.fitting': 'done; making it small enough for Discord',
  'card.received': 'getting ready',
  'card.wordless': "The prompt isn't shown: AutoMod in this server, or Discord itself, refuses its words.",
  'card.moved.result.here': 'Finished. You can find it here: {{link}}',
  'card.moved.result.direct': 'Finished. I sent it in a direct message.',
  'card.moved.answer.here': 'There is no result. You can read why here: {{link}}',
  'card.moved.answer.direct': 'There is no result. I said why in a direct message.',
  'fit.playable': 'converted so that it plays in every Discord app; {{original}}',
  'fit.raw': 'may not play in every Discord app; if it doesn’t, download it',
  'fit.smaller': 'made smaller to fit {{limit}} MB; {{original}}',
  'fit.preview': 'a preview, since Discord takes {{limit}} MB here and it has {{size}} MB; {{original}}',
  'fit.link': 'not posted, since Discord takes {{limit}} MB here and it has {{size}} MB; {{original}}',
  'fit.withheld': 'not posted: Discord’s media filter refused this file; {{original}}',
  'fit.original': '[the original](<{{link}}>) is here until {{until}}',
  'fit.button': 'press Original for all of it',
  'fit.kept': 'whoever runs this bot has it for good, in {{place}}',
  'original.here': 'Untouched, as MPS made it:',
  'original.link':
    '{{number}}: too large for Discord here ({{size}} MB). [It is here](<{{link}}>) until {{until}}.',
  'original.archived':
    '{{number}}: too large for Discord here ({{size}} MB). Whoever runs this bot has kept it; ask them for {{name}}.',
  'original.unusable':
    '{{number}}: I cannot hand out the original. Whoever runs this bot can see in the log why.',
  'original.removed':
    '{{number}}: the original is gone: it was removed from the storage of whoever runs this bot.',
  'original.gone': '{{number}}: the original is gone; its link died {{until}}.',
  'card.offPeak': 'ordered at the off-peak rate; it comes within 48 hours',
  'card.letGo':
    'this takes much longer than usual. I keep asking for two days and post the result here when it comes',
  'card.held': 'then the picture moves',
  'card.follows': 'comes in a message of its own',
  'card.firstMoves': 'the first of the {{count}} pictures moves',
  'card.clip.spared': 'So the clip that was to follow is not made either, and nothing is charged for it.',
  'card.clip.cancelled': 'without the clip, as you wished; nothing was charged for it',
  'card.unreachable': 'the picture service cannot be reached right now; I keep trying for a few minutes',
  'card.throttled': 'the picture service is busy right now; I keep trying',
  'card.full': 'the image service is full; I’m still trying',
  'card.cancelled': 'Cancelled. Nothing was charged.',
  'card.released.asker.deliver': 'let go; it comes quietly when MPS has made it',
  'card.released.asker.drop': 'let go; it is dropped when MPS has made it',
  'card.released.moderator.deliver': 'a moderator let this go; it comes quietly when MPS has made it',
  'card.released.moderator.drop': 'a moderator let this go; it is dropped when MPS has made it',
  'card.discarded.asker': 'Let go: MPS has made it, and it was dropped unseen. It counts as made.',
  'card.discarded.moderator':
    'A moderator let this go: MPS has made it, and it was dropped unseen. It counts as made.',

  // Letting a task go that MPS is at work on.
  'release.ask.searching':
    'I am still finding out whether this was ordered. If it was, it counts either way. What should happen to the result if it comes?',
  'release.ask':
    'MPS is at work on this already and knows no way back, so it counts either way. What shall I do with it when it comes?',
  'release.now.deliver': 'As it stands, I bring it quietly.',
  'release.now.drop': 'As it stands, I drop it.',
  'release.done.deliver': 'All right. I bring it quietly when it comes, and ring at nobody.',
  'release.done.drop':
    'All right. I drop it when it comes, and post nothing. It counts all the same: MPS is at work on it already.',
  'error.release.soon': 'This is changing hands at this very moment. Look again in a moment.',
  'error.release.waiting':
    'This one still waits in line. Press Cancel under it, or in /tasks, and nothing is charged.',
  'error.release.coming':
    'This one is done already and on its way here: there is nothing left to let go. Delete it when it has come.',
  'error.release.came': 'This one has come already. To be rid of it, press Delete under it.',
  'error.release.over': 'This one is over already: there is nothing left to let go.',
  'error.release.notYours': 'Only the person who ordered this, or a moderator, can let it go.',
  'error.release.moderated': 'A moderator has let this go. Ask them if you need it after all.',
  'notify.done': 'It is done.',
  'notify.failed': 'It did not work out; the reason is above.',
  'card.seconds': '{{seconds}} s',
  'card.sound': 'sound',
  'button.collect': 'Bring me number {{number}}',
  'button.again.number': 'Again number {{number}}',
  'button.cancel.number': 'Cancel number {{number}}',
  'button.cancel': 'Cancel',
  'button.release': 'Let it go',
  'button.release.number': 'Let go of number {{number}}',
  'button.quiet': 'Bring it quietly',
  'button.discard': 'Drop it',
  'button.cancelClip': 'Without the clip',
  'button.againClip': 'Clip again',
  'button.tryAgainClip': 'Try the clip again',
  'button.editClip': 'Edit clip',
  'button.again': 'Again',
  'button.edit': 'Edit',
  'button.animate': 'Animate',
  'button.remix': 'Remix',
  'button.upscale.image': 'Upscale to {{to}}',
  'button.upscale.video': 'Again in {{to}}',
  'button.original': 'Original',
  'button.originalClip': 'Original clip',
  'button.details': 'Details',
  'button.delete': 'Delete',
  'button.tryAgain': 'Try again',

  // How a task can end without a result: what happened, and what to do.
  'failure.interrupted':
    'Easel was restarted at the very moment it placed your order, so nobody can say whether it went through. It was not ordered twice. Press Try again for a new one.',
  'failure.credentials':
    'Easel is not set up right: Tencent Cloud refused its key. Nothing was charged. Please tell whoever runs this bot.',
  'failure.inactive':
    'Easel isn’t set up completely: the image service isn’t switched on for its account. Nothing was charged. Please tell the operator of this bot.',
  'failure.clock':
    "Easel's clock is wrong, so Tencent Cloud refused its signature. Nothing was charged. Please tell whoever runs this bot to set the machine's clock.",
  'failure.moderation':
    'The content check refused these words or this picture. Nothing was charged. Describe it differently and send it again.',
  'failure.moderation.result':
    'The content check refused this while it was being made. Nothing was charged. Describe it differently, or use another picture, and send it again.',
  'failure.rejected':
    'The image service does not take this combination of options. Nothing was charged. Leave out an option or pick another model, then try again.',
  'failure.withdrawn':
    'While your order waited, the models on offer changed, and the one you picked is gone or no longer takes this combination. Nothing was charged. Change the options or pick another model, and send it again.',
  'failure.rejected.named':
    'The image service does not take this: {{what}}. Nothing was charged. Change that, or pick another model, then try again.',
  'failure.exhausted':
    'The image service has no capacity left for this right now. Nothing was charged. Try again in a few minutes, or pick another model.',
  'failure.arrears':
    'The Tencent Cloud account behind this bot cannot pay at the moment. Nothing was charged. Please tell whoever runs this bot.',
  'failure.unavailable':
    'The image service was unavailable for several minutes. Nothing was ordered and nothing was charged. Try again a little later.',
  'failure.unreachable':
    'The picture service could not be reached for several minutes. Nothing was ordered and nothing was charged. Try again a little later.',
  'failure.uncertain':
    'MPS broke off while it took your order, so nobody can say whether it went through. It was not ordered twice. Press Try again for a new one.',
  'failure.unsuccessful':
    'The image service couldn’t make this one. Nothing was charged. Try again, or describe it differently.',
  'failure.unsuccessful.shape':
    'This model can’t do that with these options. Nothing was charged. Press Edit to change the length, size, resolution or references, or pick another model.',
  'failure.unsuccessful.words':
    'Your description is too long for this model. Nothing was charged. Press Edit to shorten it, or pick another model.',
  'failure.unsuccessful.source':
    'This model can’t use your picture, most likely because of its size or shape. Nothing was charged. Use one that is at least 512 pixels wide and high, or pick another model.',
  'failure.unsuccessful.fetch':
    'The image service couldn’t fetch your picture. Nothing was charged. Try again in a few minutes; if it keeps failing, tell the operator of this bot.',
  'failure.empty':
    'MPS says it is done but handed over no file. The operator will find it in the log. Press Try again for a new one.',
  'failure.overdue':
    'MPS did not finish this in two days, so I stopped asking. Try again, perhaps with another model.',
  'failure.expired':
    'The result was made, but its link died before it could be brought here. Press Try again for a new one.',
  'failure.misresolved':
    'The result was made, but from the machine I run on there was no way to it. Please tell whoever runs this bot; what has to be put right is in the log. Press Try again only then: it makes a new one, which counts again.',
  'failure.forbidden':
    'The result was made, but it lies at an address that I may not open. The operator will find it in the log. Press Try again for a new one.',
  'failure.unreadable':
    'What MPS handed over is not a file I can post. The operator will find it in the log. Press Try again for a new one.',
  'failure.tooLarge':
    'The result is larger than Discord takes in this place. Pick a lower resolution or a shorter clip, or ask in a server with a higher boost level.',
  'failure.source.unreachable':
    'I could not open {{name}}. Upload the picture again and send the command once more.',
  'failure.source.type':
    '{{name}} is {{found}}, which I cannot use as a picture. Save it as {{allowed}} and send it again.',
  'failure.source.lottie':
    '{{name}} is an animated sticker drawn by Discord itself, and holds no picture I could use. Take a screenshot of it and send that.',
  'failure.source.broken':
    'I cannot read {{name}}: it is damaged, not complete, or no picture at all. Save it anew as png or jpeg and send it again.',
  'failure.source.size':
    '{{name}} has {{megabytes}} MB; it must be under {{max}} MB. Save it smaller and send it again.',
  'failure.source.pixels':
    '{{name}} is {{width}} × {{height}} pixels, far more than a picture needs. Scale it down to 4096 on its longer side and send it again.',
  'failure.source.small':
    '{{name}} is {{width}} × {{height}} pixels, too small for this model: each side must have at least {{min}}. Nothing was charged. Send a larger picture, or pick another model.',
  'failure.source.heavy':
    'Opening {{name}} takes far more memory or time than a picture should, so I stopped. Nothing was charged. Save it again as PNG or JPEG, at most 4096 pixels on its longer side, and send it again.',
  'failure.source.unavailable':
    'I can’t look at pictures at the moment, so I can’t use {{name}}. Nothing was charged. Orders without a picture work; whoever runs this bot has to repair this.',
  'failure.source.address':
    'I only open pictures that were uploaded to Discord. Upload {{name}} here and send the command again.',
  'failure.source.crowded':
    'I had no room for {{name}}: too many pictures of other orders are being prepared. Nothing was charged. Try again when one of your orders is done.',
  'failure.source.hosting':
    '{{name}} is fine, but I could not put it where MPS can fetch it. Nothing was charged. Try again in a few minutes; if it stays so, tell whoever runs this bot.',
  'failure.source.refused':
    "Discord's media filter refuses {{name}}, so I can't use it. Nothing was charged. Send another picture.",
  'failure.unanswered':
    'Easel was restarted before it could take this order. Nothing was charged. Press Try again.',
  'failure.unpostable':
    "I can't post where you asked: the thread may be locked, or I lack a permission there. Nothing was charged. Try another channel, or ask a moderator.",
  'failure.words':
    "Discord doesn't let me repeat the words of your prompt here (AutoMod in this server, most likely), so I ordered nothing and nothing was charged. Rephrase it, or send it to me in a direct message.",
  'failure.internal':
    'Something went wrong inside Easel. Nothing more will be charged. If it happens again, give whoever runs this bot the number {{incident}}.',

  'failure.quota.member.image.day':
    'You may use {{max}} pictures a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.guild.image.day':
    'This server may use {{max}} pictures a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.member.image.month':
    'You may use {{max}} pictures a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.guild.image.month':
    'This server may use {{max}} pictures a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.member.second.day':
    'You may use {{max}} seconds of video a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.guild.second.day':
    'This server may use {{max}} seconds of video a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.member.second.month':
    'You may use {{max}} seconds of video a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.guild.second.month':
    'This server may use {{max}} seconds of video a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.member.cost.day':
    'You may spend {{max}} a day, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.guild.cost.day':
    'This server may spend {{max}} a day, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.member.cost.month':
    'You may spend {{max}} a month, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.guild.cost.month':
    'This server may spend {{max}} a month, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.member.open':
    'You may have {{max}} orders open at once. Wait until one is done, or cancel one in /tasks.',
  'failure.quota.guild.open': 'This server may have {{max}} orders open at once. Wait until one is done.',
  'failure.quota.user.image.day':
    'Across all servers and direct messages you may use {{max}} pictures a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.total.image.day':
    'For everyone who uses this bot together, {{left}} pictures are left today. New ones come <t:{{resets}}:R>.',
  'failure.quota.user.image.month':
    'Across all servers and direct messages you may use {{max}} pictures a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.total.image.month':
    'For everyone who uses this bot together, {{left}} pictures are left this month. New ones come <t:{{resets}}:R>.',
  'failure.quota.user.second.day':
    'Across all servers and direct messages you may use {{max}} seconds of video a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.total.second.day':
    'For everyone who uses this bot together, {{left}} seconds of video are left today. New ones come <t:{{resets}}:R>.',
  'failure.quota.user.second.month':
    'Across all servers and direct messages you may use {{max}} seconds of video a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.total.second.month':
    'For everyone who uses this bot together, {{left}} seconds of video are left this month. New ones come <t:{{resets}}:R>.',
  'failure.quota.user.cost.day':
    'Across all servers and direct messages you may spend {{max}} a day, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.total.cost.day':
    "What is left of this bot's budget for today is not enough for this. It resets <t:{{resets}}:R>.",
  'failure.quota.user.cost.month':
    'Across all servers and direct messages you may spend {{max}} a month, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.total.cost.month':
    "What is left of this bot's budget for this month is not enough for this. It resets <t:{{resets}}:R>.",
  'quota.fixed.image':
    'This model always makes {{amount}} pictures at once. Pick another model to make fewer.',
  'quota.fits.second': '{{fits}} seconds would fit.',
  'quota.fits.chain': 'The picture and a clip of {{fits}} seconds would fit.',
  'quota.fits.alone': 'The picture without a clip would fit.',
  'card.made.seconds': 'MPS made {{made}} s instead of {{asked}} s; that is what counts',
  'card.made.images': 'MPS made {{made}} pictures instead of {{asked}}; that is what counts',
  'card.made.silent': 'it came without the sound you asked for',

  // What is wrong with a request, and what to use instead.
  'problem.model.unknown': 'I know no model called {{asked}}. Pick one from the list, for example {{use}}.',
  'problem.thenAnimate': 'For the clip that is to follow:',
  'problem.prompt.missing': 'Say in a few words what you want to see: the prompt is empty.',
  'problem.prompt.tooLong':
    'Your prompt has {{length}} characters and {{max}} is the most. Shorten it and send it again.',
  'problem.prompt.option': '{{model}} refuses {{option}}. Take it out of your prompt.',
  'problem.negative.tooLong':
    'The words for what not to show have {{length}} characters and {{max}} is the most. Shorten them and send it again.',
  'problem.duration.unsupported': '{{model}} makes clips of {{allowed}} seconds, not {{asked}}. Use {{use}}.',
  'problem.duration.none': '{{model}} chooses the length itself. Leave out duration.',
  'problem.duration.atResolution':
    '{{model}} makes no clips of {{asked}} seconds at {{resolution}}. Use {{use}} seconds, or another resolution.',
  'problem.resolution.unsupported': '{{model}} has the resolutions {{allowed}}, not {{asked}}. Use {{use}}.',
  'problem.resolution.none': '{{model}} takes no resolution. Leave it out.',
  'problem.aspectRatio.unsupported': '{{model}} takes the ratios {{allowed}}, not {{asked}}. Use {{use}}.',
  'problem.aspectRatio.none': '{{model}} takes no aspect ratio. Leave it out.',
  'problem.aspectRatio.size':
    '{{model}} takes a size rather than a ratio. Instead of {{asked}}, set the size to {{use}}.',
  'problem.aspectRatio.withImage':
    "With a first picture the clip has that picture's shape. Leave out aspect_ratio.",
  'problem.aspectRatio.withReferences':
    '{{model}} takes no aspect ratio together with references. Leave one of them out.',
  'problem.size.none': '{{model}} takes no size. Leave it out, or set an aspect ratio.',
  'problem.size.malformed':
    'I cannot read {{asked}} as a size. Write it as width x height, for example {{use}}.',
  'problem.size.sides':
    '{{model}} takes sides from {{min}} to {{max}} pixels, and {{asked}} is outside. Use {{use}}.',
  'problem.size.pixels':
    '{{asked}} does not fit: {{model}} takes from {{min}} to {{max}} pixels in all. Use {{use}}.',
  'problem.image.missing': '{{model}} cannot begin with words alone. Add image, the picture it begins with.',
  'problem.image.orReferences':
    '{{model}} cannot begin with words alone. Add image, the picture it begins with, or reference pictures.',
  'problem.image.none': '{{model}} cannot begin with a picture. Leave out image.',
  'problem.image.asReference':
    '{{model}} cannot begin with a picture. Give it as a reference instead: reference1 in place of image.',
  'problem.references.missing':
    '{{model}} makes clips from reference pictures only. Add reference1, a picture it should resemble.',
  'problem.references.none': '{{model}} takes no reference pictures. Leave them out.',
  'problem.references.tooMany':
    '{{model}} takes at most {{max}} reference pictures, and you gave {{asked}}. Leave some out.',
  'problem.references.withFrame':
    '{{model}} takes either a first picture or references, not both. Leave one of them out.',
  'problem.references.subject':
    '{{model}} does not name the subjects of its references. Leave out reference_type.',
  'problem.references.query':
    '{{model}} can only open pictures whose links are public, and the one to {{name}} is not: those of uploads never are. Leave out the references.',
  'problem.lastImage.none': '{{model}} takes no last picture. Leave it out.',
  'problem.lastImage.alone': 'A last picture needs a first one. Add image.',
  'problem.lastImage.resolution':
    '{{model}} takes a last picture only at {{use}}. Set the resolution to {{use}}.',
  'problem.audio.none': '{{model}} makes no sound. Leave out audio.',
  'problem.audio.always': '{{model}} always makes sound. Leave out audio.',
  'problem.audio.resolution':
    '{{model}} makes sound only from {{use}} up. Set the resolution to {{use}}, or leave out audio.',
  'problem.audio.withLastImage':
    '{{model}} makes no sound together with a last picture. Leave one of them out.',
  'problem.music.none': '{{model}} adds no music. Leave it out.',
  'problem.offPeak.none': '{{model}} has no off-peak rate. Leave it out.',
  'problem.watermark.none': '{{model}} has no watermark to switch. Leave it out.',
  'problem.scene.none': '{{model}} knows no scenes such as {{asked}}. Leave it out.',
  'problem.scene.unsupported': '{{model}} knows the scenes {{allowed}}, not {{asked}}.',
  'problem.scene.wordsAlone':
    'The scene {{asked}} is made from words alone. Leave out references, size, ratio and resolution.',
  'problem.source.type': '{{name}} is {{type}}, which cannot be used here. Use {{allowed}} instead.',
  'problem.source.tooLarge':
    '{{name}} has {{megabytes}} MB; it must be under {{max}} MB. Save it smaller and send it again.',
  'problem.additional.malformed':
    'The additional parameters must be one JSON object, such as {"key": "value"}.',
  'problem.other': 'Or pick {{other}}, which takes all of this as it is.',

  // Options written in a line, and messages that mention Easel.
  'menu.animate': 'Animate',
  'menu.remix': 'Remix',
  'form.title.animate': 'Make it move',
  'form.title.remix': 'Make a new picture of it',
  'form.prompt.image': 'Prompt',
  'form.prompt.image.hint': 'What the new picture shows',
  'form.prompt.video': 'Prompt',
  'form.prompt.video.hint':
    'What happens; of several pictures the first moves, or begin with 2: for the second',
  'form.model': 'Model',
  'form.model.hint': 'Which model makes it; the one shown is fine for most',
  'form.asWritten': 'As written in Options, or as usual',
  'form.measure.image': 'Size or ratio',
  'form.measure.image.hint': 'Such as 1024x1024 or 16:9, as the model takes it; empty means as usual',
  'form.measure.video': 'Length in seconds',
  'form.measure.video.hint': 'How many depends on the model; empty means as usual',
  'form.options': 'Options',
  'form.options.hint': 'Such as --resolution 1080P --audio --negative "rain"',
  'form.files.image': 'More pictures it should resemble',
  'form.files.image.hint': 'Left empty, those from before are kept',
  'form.files.video': 'First and last picture',
  'form.files.video.hint':
    'One: the last picture, where there is a first one. Left empty, those from before are kept',
  'form.stray':
    'In Options I can read only options such as --audio, and not {{words}}. Put that into the prompt.',
  'form.seconds': 'I cannot read {{asked}} as a length. Write whole seconds, for example 5.',
  'form.size': 'I cannot read {{asked}} as a size or a ratio. Write for example 1024x1024 or 16:9.',
  'form.title.edit': 'Change it',
  'details.model': 'Model: {{model}}',
  'details.prompt': 'Prompt: {{prompt}}',
  'details.options': 'Options: {{options}}',
  'details.pictures': 'Pictures handed in: {{count}}',
  'details.image': 'Counts as: {{amount}} pictures',
  'details.second': 'Counts as: {{amount}} s of video',
  'details.money': '≈ {{amount}} {{currency}}',
  'details.then': 'Then:',
  'details.resolution': 'Resolution: {{resolution}}',
  'details.took': 'Took: {{seconds}} s',
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
  'grammar.unknown': 'I know no option {{asked}}. These work: {{options}}.',
  'grammar.value': '{{option}} does not take {{asked}}. Write for example {{option}} {{example}}.',
  'grammar.missing': '{{option}} needs a value after it. Write for example {{option}} {{example}}.',
  'grammar.mixed':
    'Some of these options are for pictures and some for clips. Keep one sort: --size and --format make a picture, --duration and --audio a clip.',
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

  // What stops a command before it becomes a task.
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
} as const satisfies Record<string, string>;

/** The name of a text: `failure.moderation`. */
export type TextKey = keyof typeof enUS;
