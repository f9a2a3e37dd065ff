package dev.outcrop.kernel;

import java.util.Optional;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/**
 * The parts of a call that are not held in memory. An operation gets those that its {@link ServedOperation#kind()}
 * names; wire gives them.
 *
 * @param inputBlob    the streaming payload of the request
 * @param outputBlob   takes the response and its streaming payload; it is called on the thread of the call
 * @param inputEvents  the events that the caller sends, already decoded
 * @param outputEvents takes the response and the publisher of events. {@code onEventStream} must subscribe before it
 *                     returns; the subscriber is then called on the thread of the call, may block, and slows the
 *                     sender by the demand it signals. How the stream ends is told by the {@link Answer}, too:
 *                     {@code onError} and {@code exceptionOccurred} need not write anything.
 */
public record Streams(
        Optional<RequestBody> inputBlob,
        Optional<ResponseTransformer<Object, ?>> outputBlob,
        Optional<Publisher<?>> inputEvents,
        Optional<EventStreamResponseHandler<Object, Object>> outputEvents) {
    /** Of a plain operation. */
    public static final Streams NONE =
            new Streams(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
