/** How an order can end without a result: what happened, whether it was charged, and what to do. */
export const failures = {
  'failure.interrupted':
    "Easel restarted just as it was placing your order, so I can't tell whether it went through. It wasn't placed twice. It doesn't count against your limits. Press Try again for a new one.",
  'failure.credentials':
    "Easel isn't set up correctly: Tencent Cloud rejected its key. Nothing was charged. Please tell the operator of this bot.",
  'failure.inactive':
    "Easel isn't set up completely: the image service isn't switched on for its account. Nothing was charged. Please tell the operator of this bot.",
  'failure.clock':
    "Easel's clock is wrong, so Tencent Cloud rejected its signature. Nothing was charged. Please tell the operator of this bot to set the server's clock.",
  'failure.moderation':
    'The content check rejected this description or picture. Nothing was charged. Change it and send it again.',
  'failure.moderation.result':
    'The content check rejected this while it was being made. Nothing was charged. Change the description or use another picture, and send it again.',
  'failure.rejected':
    "The image service doesn't accept this combination of options. Nothing was charged. Leave out an option or pick another model, then try again.",
  'failure.withdrawn':
    'While your order was waiting, the model you picked was removed, or it no longer accepts these options. Nothing was charged. Change the options or pick another model, and send it again.',
  'failure.rejected.named':
    "The image service doesn't accept this: {{what}}. Nothing was charged. Change it, or pick another model, then try again.",
  'failure.exhausted':
    'The image service has no capacity for this right now. Nothing was charged. Try again in a few minutes, or pick another model.',
  'failure.arrears':
    "The Tencent Cloud account behind this bot can't pay right now. Nothing was charged. Please tell the operator of this bot.",
  'failure.unavailable':
    'The image service was unavailable for several minutes. Nothing was ordered and nothing was charged. Try again a little later.',
  'failure.unreachable':
    "The image service couldn't be reached for several minutes. Nothing was ordered and nothing was charged. Try again a little later.",
  'failure.uncertain':
    "The connection to the image service broke while I was placing your order, so I can't tell whether it went through. It wasn't placed twice. It doesn't count against your limits. Press Try again for a new one.",
  'failure.unsuccessful':
    "The image service couldn't make this one. Nothing was charged. Try again, or describe it differently.",
  'failure.unsuccessful.shape':
    "This model can't do that with these options. Nothing was charged. Press Edit to change the length, size, resolution or references, or pick another model.",
  'failure.unsuccessful.words':
    'Your description is too long for this model. Nothing was charged. Press Edit to shorten it, or pick another model.',
  'failure.unsuccessful.source':
    "This model can't use your picture, most likely because of its size or shape. Nothing was charged. Use one that is at least 512 pixels wide and high, or pick another model.",
  'failure.unsuccessful.fetch':
    "The image service couldn't fetch your picture. Nothing was charged. Try again in a few minutes; if it keeps failing, tell the operator of this bot.",
  'failure.empty':
    "It was reported as finished, but no file came. The operator of this bot can find it in the log. It doesn't count against your limits. Press Try again for a new one.",
  'failure.overdue':
    "This wasn't finished within two days, so I stopped checking. It doesn't count against your limits. Try again, perhaps with another model.",
  'failure.expired':
    'The result was made, but its link expired before I could post it. It counts. Press Try again for a new one, which counts again.',
  'failure.misresolved':
    "The result was generated, but my server couldn't download it. Please tell the operator of this bot; the log says what to fix. Only then press Try again: it makes a new one, which counts again.",
  'failure.forbidden':
    "The result was made, but it is at an address I'm not allowed to open. It counts. The operator of this bot can find it in the log. Press Try again for a new one, which counts again.",
  'failure.unreadable':
    "The file I received isn't one I can post. It counts, because it was made. The operator of this bot can find it in the log. Press Try again for a new one, which counts again.",
  'failure.tooLarge':
    'The result is too large for Discord here. It counts, because it was made. Press Edit to pick a lower resolution or a shorter clip, or use a server with a higher boost level.',
  'failure.source.unreachable':
    "I couldn't open {{name}}. Nothing was charged. Upload the picture again and send the command once more.",
  'failure.source.type':
    '{{name}} is really a file of type {{found}}, not a picture I can use. Nothing was charged. Save it as {{allowed}} and send it again.',
  'failure.source.lottie':
    '{{name}} is an animated sticker that Discord draws itself, so there is no picture in it. Nothing was charged. Take a screenshot of it and send that.',
  'failure.source.broken':
    "I can't read {{name}}: it is damaged, incomplete or not a picture. Nothing was charged. Save it again as PNG or JPEG and send it again.",
  'failure.source.size':
    '{{name}} is {{megabytes}} MB; it must be under {{max}} MB. Nothing was charged. Make it smaller and send it again.',
  'failure.source.pixels':
    '{{name}} is {{width}} × {{height}} pixels, far more than needed. Nothing was charged. Scale its longer side down to 4096 and send it again.',
  'failure.source.small':
    '{{name}} is {{width}} × {{height}} pixels, too small for this model: each side needs at least {{min}}. Nothing was charged. Send a larger picture, or pick another model.',
  'failure.source.heavy':
    'Opening {{name}} takes far more memory or time than a picture should, so I stopped. Nothing was charged. Save it again as PNG or JPEG, at most 4096 pixels on its longer side, and send it again.',
  'failure.source.unavailable':
    "I can't process pictures right now, so I can't use {{name}}. Nothing was charged. Orders without a picture still work; the operator of this bot needs to fix this.",
  'failure.source.address':
    'I only open pictures uploaded to Discord. Nothing was charged. Upload {{name}} here and send the command again.',
  'failure.source.crowded':
    'I had no room for {{name}}: too many pictures are being prepared. Nothing was charged. Try again in a few minutes.',
  'failure.source.hosting':
    "{{name}} is fine, but I couldn't put it where the image service can fetch it. Nothing was charged. Try again in a few minutes; if it keeps failing, tell the operator of this bot.",
  'failure.source.refused':
    "Discord's media filter blocks {{name}}, so I can't use it. Nothing was charged. Send another picture.",
  'failure.unanswered':
    "Discord or Easel wasn't available when this order came in, so it wasn't placed. Nothing was charged. Press Try again.",
  'failure.unpostable':
    "I can't post in the channel you used: the thread may be locked, or I'm missing a permission. Nothing was charged. Try another channel, or ask a moderator.",
  'failure.words':
    "Discord doesn't let me repeat your prompt here (most likely AutoMod in this server), so nothing was ordered and nothing was charged. Rephrase it and try again.",
  'failure.internal':
    'Something went wrong inside Easel. Nothing more will be charged. If it happens again, give the operator of this bot the number {{incident}}.',
};
