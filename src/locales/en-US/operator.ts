/** What the operator reads in OPERATOR_CHANNEL_ID. These texts may say MPS. */
export const operator = {
  'notice.credentials':
    'MPS refuses the API key ({{code}}), so nothing can be made until that is put right. Run the doctor on the machine Easel runs on: it says which part is wrong. People are told that Easel is not set up right, and nothing of theirs is lost.',
  'notice.inactive':
    'MPS is not switched on for this Tencent Cloud account ({{code}}), so nothing can be made. Sign in at console.tencentcloud.com/mps (mainland accounts: console.cloud.tencent.com/mps) and activate it; Easel works from then on. Until then users read that Easel is not set up completely.',
  'notice.full':
    'MPS refuses new tasks because this account already has as many at a time as it may ({{code}}). Easel keeps trying and nothing is lost, but orders wait. Lower MAX_IMAGE_TASKS or MAX_VIDEO_TASKS, or ask Tencent Cloud for a higher concurrency.',
  'notice.sources':
    'MPS could not fetch a picture that a user handed in, so the task failed (nothing was billed). MPS in mainland China reaches Discord’s servers slowly or not at all. Two remedies: set COS_BUCKET and COS_REGION with SOURCE_HOST=auto or cos, or use an overseas region (TENCENTCLOUD_REGION=ap-singapore).',
  'notice.arrears':
    'MPS says that the Tencent Cloud account is in arrears ({{code}}). Top it up, and Easel goes on by itself; until then people are told that nothing can be made.',
  'notice.store':
    'Easel cannot write its store ({{reason}}). It takes no new orders until it can and then goes on by itself; what was ordered before is safe. Please look at the disk and at the log.',
  'notice.records':
    'I could not read {{count}} records of orders in my store. I left them alone: nothing is ordered twice, but nobody gets an answer for them. The log names each one. Please keep the database and report this.',
  'notice.links':
    'Results that were paid for could not be handed over yet: {{count}}. The first of their links dies {{dies}}. The log says what keeps them: search it for tasks that could not be posted.',
  'notice.names':
    'The machine Easel runs on resolves {{host}} to an inner address, and Easel fetches files from public ones alone. Let it resolve names by a public DNS server. Until then results that were paid for wait, and they are lost when their links die, 12 hours after they were made.',
  'notice.moderation':
    'Moderation has refused {{count}} requests within the last hour. Nothing was billed for them. If that goes on, a word with the server or a limit may help.',
  'notice.refused':
    'Discord refused {{count}} of my requests within ten minutes, and it bans addresses for too many of them. I have slowed down: progress cards pause, results take a little longer. Check my permissions; the log says which requests are refused.',
  'notice.role':
    'MPS did not put a result into your bucket (COS_BUCKET). It said: {{message}}. Most likely the service role MPS_QcsRole is missing or may not write there: grant it in the MPS console under Account authorization (console.tencentcloud.com/mps). Users still get their results, but MPS keeps them for 12 hours only.',
  'notice.bucket':
    'The API key may not use your bucket (COS_BUCKET) as Easel needs it, so results wait there. Allow it cos:GetObject and cos:GetBucket on the bucket; Easel then goes on by itself. The doctor shows the policy.',
};
