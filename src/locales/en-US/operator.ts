/** What the operator reads in OPERATOR_CHANNEL_ID. These texts may say MPS. */
export const operator = {
  'notice.credentials':
    "MPS rejects the API key ({{code}}), so nothing can be made until this is fixed. Run the doctor on the server Easel runs on: it says which part is wrong. Users read that Easel isn't set up correctly; nothing of theirs is lost.",
  'notice.inactive':
    "MPS is not switched on for this Tencent Cloud account ({{code}}), so nothing can be made. Sign in at console.tencentcloud.com/mps (mainland accounts: console.cloud.tencent.com/mps) and activate it; Easel works from then on. Until then users read that Easel isn't set up completely.",
  'notice.full':
    'MPS rejects new tasks because this account already runs as many at a time as it may ({{code}}). Easel keeps trying and nothing is lost, but orders wait. Lower MAX_IMAGE_TASKS or MAX_VIDEO_TASKS, or ask Tencent Cloud for a higher concurrency.',
  'notice.sources':
    "MPS couldn't fetch a picture that a user uploaded, so the task failed (nothing was billed). MPS in mainland China reaches Discord's servers slowly or not at all. Two remedies: set COS_BUCKET and COS_REGION with SOURCE_HOST=auto or cos, or use an overseas region (TENCENTCLOUD_REGION=ap-singapore).",
  'notice.arrears':
    'MPS reports that the Tencent Cloud account is in arrears ({{code}}). Top it up and Easel continues automatically; until then users read that nothing can be made.',
  'notice.store':
    "Easel can't write to its store ({{reason}}). It takes no new orders until it can, then continues automatically; earlier orders are safe. Please check the disk and the log.",
  'notice.records_one':
    "I couldn't read {{count}} order record in my store. I left it alone: nothing is ordered twice, but its user gets no answer. The log names it. Please keep the database and report this.",
  'notice.records_other':
    "I couldn't read {{count}} order records in my store. I left them alone: nothing is ordered twice, but their users get no answer. The log names each one. Please keep the database and report this.",
  'notice.links_one':
    "{{count}} result that was paid for couldn't be delivered yet. Its link expires {{dies}}. The log says why: search it for tasks that could not be posted.",
  'notice.links_other':
    "{{count}} results that were paid for couldn't be delivered yet. The first of their links expires {{dies}}. The log says why: search it for tasks that could not be posted.",
  'notice.names':
    'The server Easel runs on resolves {{host}} to a private address, but Easel only downloads from public ones. Let it use a public DNS server. Until then results that were paid for wait, and they are lost when their links expire, 12 hours after they were made.',
  'notice.moderation':
    'Moderation has rejected {{count}} requests within the last hour. Nothing was billed for them. If this continues, talk to the server concerned, or set a limit.',
  'notice.refused':
    'Discord rejected {{count}} of my requests within ten minutes, and it bans addresses for too many of them. I have slowed down: progress cards pause, results take a little longer. Check my permissions; the log says which requests were rejected.',
  'notice.role':
    "MPS didn't put a result into your bucket (COS_BUCKET). It said: {{message}}. Most likely the service role MPS_QcsRole is missing or may not write there: grant it in the MPS console under Account authorization (console.tencentcloud.com/mps). Users still get their results, but MPS keeps them for 12 hours only.",
  'notice.bucket':
    "The API key isn't allowed to use your bucket (COS_BUCKET) as Easel needs it, so results wait there. Allow it cos:GetObject and cos:GetBucket on the bucket; Easel then continues automatically. The doctor shows the policy.",

  // Texts for the Developer Portal: the description has at most 400 characters, a tag at most 20.
  'directory.short.both':
    'Easel makes pictures and clips from your words. Describe what you want to see with /imagine or /animate, or mention Easel; reply to a picture to change or animate it. Results stay in your channel, and your server decides who may make what. AI-generated content.',
  'directory.short.image':
    'Easel makes pictures from your words. Describe what you want to see with /imagine, or mention Easel; reply to a picture to change it. Results stay in your channel, and your server decides who may make what. AI-generated content.',
  'directory.short.video':
    'Easel makes clips from your words and pictures. Describe what you want to see with /animate, or mention Easel; reply to a picture to animate it. Results stay in your channel, and your server decides who may make what. AI-generated content.',
  'directory.tags.both': 'AI, Art, Pictures, Clips, Creative',
  'directory.tags.image': 'AI, Art, Pictures, Creative',
  'directory.tags.video': 'AI, Art, Clips, Creative',
  'directory.long':
    'Choose among many models, sizes and ratios, compare models side by side, and edit, repeat or upscale a result with one button. Moderators set channels, roles, models, limits and content rules with /settings and /quota. Everyone can see and delete what is stored about them with /privacy. /help shows what is possible in your server.',
};
