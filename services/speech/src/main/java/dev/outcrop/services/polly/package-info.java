/**
 * Amazon Polly: texts and SSML to speech, speech marks, lexicons, and tasks that write to S3.
 *
 * <p>What speaks is the installed voice ({@code outcrop models pull piper-en-us-joe-medium}). It answers for every voice id
 * of AWS of its language, as engine {@code standard} and {@code neural}; {@code DescribeVoices} lists those ids with the
 * model's name behind their own, and the header {@code x-outcrop-model} names it in each answer. How the id's own voice
 * sounds, its sex included, it does not imitate. The engine decides which tags of SSML are allowed, as on AWS; of the tags
 * of standard voices {@code amazon:auto-breaths}, {@code amazon:breath} and {@code amazon:max-duration} are refused.
 * {@code ogg_vorbis} is answered by 501, since no encoder is here.
 *
 * @see <a href="https://docs.aws.amazon.com/polly/latest/dg/API_Reference.html">API reference of Amazon Polly</a>
 */
package dev.outcrop.services.polly;
