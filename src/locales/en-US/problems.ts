/** What is wrong with a request, and what to use instead. */
export const problems = {
  'problem.model.unknown': 'There is no model called {{asked}}. Pick one from the list, for example {{use}}.',
  'problem.thenAnimate': 'About the clip that follows:',
  'problem.compared': 'About {{model}}:',
  'problem.set.most.image':
    'This makes {{results}} pictures at once, and {{most}} is the most here. Ask for {{most}} or fewer.',
  'problem.set.most.video':
    'This makes {{results}} clips at once, and {{most}} is the most here. Ask for {{most}} or fewer.',
  'problem.set.compared': 'You can also compare fewer models.',
  'problem.set.pick':
    'There is no picture {{pick}} to animate: this makes {{results}}. Use a number from 1 to {{results}}.',
  'problem.set.pickOne':
    'You can only pick a picture to animate if you order several: use --count, or leave out --pick.',
  'problem.set.compare': 'To compare, name {{least}} to {{most}} different models, for example {{example}}.',
  'problem.set.clip': "One model makes the clip that follows: --compare doesn't belong there.",
  'problem.prompt.missing': 'Your prompt is empty. Describe in a few words what you want to see.',
  'problem.prompt.tooLong':
    'Your prompt has {{length}} characters; the limit is {{max}}. Shorten it and send it again.',
  'problem.prompt.option': "{{model}} doesn't accept {{option}}. Remove it from your prompt.",
  'problem.negative.tooLong':
    'The negative prompt has {{length}} characters; the limit is {{max}}. Shorten it and send it again.',
  'problem.duration.unsupported': '{{model}} makes clips of {{allowed}} s, not {{asked}} s. Use {{use}} s.',
  'problem.duration.none': '{{model}} chooses the length itself. Leave out the duration option.',
  'problem.duration.atResolution':
    '{{model}} makes no clips of {{asked}} s at {{resolution}}. Use {{use}} s, or another resolution.',
  'problem.resolution.unsupported':
    "{{model}} doesn't support the resolution {{asked}}, only {{allowed}}. Use {{use}}.",
  'problem.resolution.none': '{{model}} has no resolution setting; leave it out.',
  'problem.aspectRatio.unsupported':
    "{{model}} doesn't support the aspect ratio {{asked}}, only {{allowed}}. Use {{use}}.",
  'problem.aspectRatio.none': '{{model}} has no aspect ratio setting; leave it out.',
  'problem.aspectRatio.size': "{{size}} isn't {{asked}}. Leave out one of them, or set the size to {{use}}.",
  'problem.aspectRatio.withImage':
    'With a first picture, the clip has the shape of that picture. Leave out the aspect ratio.',
  'problem.aspectRatio.withReferences':
    "{{model}} can't combine an aspect ratio with references. Leave out one of them.",
  'problem.size.none': '{{model}} has no size setting; leave it out, or set an aspect ratio.',
  'problem.size.malformed': "I can't read {{asked}} as a size. Use width x height, for example {{use}}.",
  'problem.size.sides':
    '{{model}} supports sides from {{min}} to {{max}} pixels, so {{asked}} is out of range. Use {{use}}.',
  'problem.size.pixels':
    "{{asked}} doesn't fit: {{model}} supports {{min}} to {{max}} pixels in total. Use {{use}}.",
  'problem.image.missing':
    "{{model}} can't work from a description alone. Add the image option: the picture the clip starts with.",
  'problem.image.orReferences':
    "{{model}} can't work from a description alone. Add the image option (the picture the clip starts with) or reference pictures.",
  'problem.image.none': "{{model}} can't start with a picture. Leave out the image option.",
  'problem.image.asReference':
    "{{model}} can't start with a picture. Use it as a reference instead: reference1 in place of the image option.",
  'problem.references.missing':
    '{{model}} only makes clips from reference pictures. Add reference1, a picture it should resemble.',
  'problem.references.none': "{{model}} doesn't support reference pictures; leave them out.",
  'problem.references.tooMany':
    'Too many reference pictures: {{model}} takes at most {{max}}, and you gave {{asked}}. Leave some out.',
  'problem.references.withFrame':
    '{{model}} takes either a first picture or references, not both. Leave out one of them.',
  'problem.references.subject':
    "{{model}} doesn't let you name its references. Leave out the reference_type option.",
  'problem.references.query':
    '{{model}} can only open pictures with public links, and the link to {{name}} is not public: links to uploads never are. Leave out the references.',
  'problem.lastImage.none': "{{model}} doesn't support a last picture; leave it out.",
  'problem.lastImage.alone': 'A last picture needs a first one. Add the image option.',
  'problem.lastImage.resolution':
    '{{model}} supports a last picture only at {{use}}. Set the resolution to {{use}}.',
  'problem.audio.none': '{{model}} makes no sound. Leave out the audio option.',
  'problem.audio.always': '{{model}} always makes sound. Leave out the audio option.',
  'problem.audio.resolution':
    '{{model}} only makes sound at {{use}} or higher. Set the resolution to {{use}}, or leave out the audio option.',
  'problem.audio.withLastImage':
    "{{model}} can't make sound if there is a last picture. Leave out one of them.",
  'problem.music.none': "{{model}} can't add music; leave it out.",
  'problem.offPeak.none': '{{model}} has no off-peak rate; leave it out.',
  'problem.watermark.none': '{{model}} has no watermark setting; leave it out.',
  'problem.scene.none': '{{model}} has no scenes such as {{asked}}; leave it out.',
  'problem.scene.unsupported': '{{model}} has no scene {{asked}}. Use {{allowed}}, or leave it out.',
  'problem.scene.wordsAlone':
    'The scene {{asked}} only works with a description. Leave out references, size, aspect ratio and resolution.',
  'problem.source.type':
    "{{name}} is a file of type {{type}}, which isn't supported here. Use {{allowed}} instead.",
  'problem.source.tooLarge':
    '{{name}} is {{megabytes}} MB; it must be under {{max}} MB. Make it smaller and send it again.',
  'problem.additional.malformed':
    'The additional parameters must be one JSON object, such as {"key": "value"}.',
  'problem.other': 'Or pick {{other}}, which supports all of this as it is.',
  'grammar.unknown': 'There is no option {{asked}}. Available: {{options}}.',
  'grammar.other.model': "{{option}} isn't used here. Pick a model with --model, such as --model kling-3.0.",
  'grammar.other.style': "{{option}} isn't available here. Describe the style in your prompt.",
  'grammar.other.seed': "{{option}} isn't available here. To build on a picture, reply to it with --image.",
  'grammar.other.variety': "{{option}} isn't available here; leave it out.",
  'grammar.other.reference':
    "{{option}} isn't used here. Attach the picture, or reply to it, and add --image.",
  'grammar.other.repeat': "{{option}} isn't used here. For several pictures at once, use --count 4.",
  'grammar.other.quality': "{{option}} isn't used here. Some models take --resolution 2K.",
  'grammar.other.speed': "{{option}} isn't used here; leave it out.",
  'grammar.other.none': "{{option}} isn't available here; leave it out.",
  'grammar.value': "{{option}} can't be {{asked}}. For example: {{option}} {{example}}.",
  'grammar.missing': '{{option}} needs a value. For example: {{option}} {{example}}.',
  'grammar.mixed':
    'Some of these options are for pictures and some for clips. Keep one kind: --size and --format make a picture, --duration and --audio a clip.',
};
