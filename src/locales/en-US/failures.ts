/** How an order can end without a result: what happened, whether it was charged, and what to do. */
export const failures = {
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
};
