/**
 * SDK shape to bytes and back: one reader and one writer for each body format, driven by what the SDK's shapes say of
 * themselves ({@code SdkPojo.sdkFields()}). Knows no HTTP: headers, labels and query strings are the caller's, who
 * converts their values with {@link dev.outcrop.shapes.codec.TextValues}.
 */
package dev.outcrop.shapes.codec;
