/** What is wrong with a request, and what to use instead. */
export const problems = {
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
  'grammar.unknown': 'I know no option {{asked}}. These work: {{options}}.',
  'grammar.value': '{{option}} does not take {{asked}}. Write for example {{option}} {{example}}.',
  'grammar.missing': '{{option}} needs a value after it. Write for example {{option}} {{example}}.',
  'grammar.mixed':
    'Some of these options are for pictures and some for clips. Keep one sort: --size and --format make a picture, --duration and --audio a clip.',
};
