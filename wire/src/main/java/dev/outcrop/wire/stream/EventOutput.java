package dev.outcrop.wire.stream;

import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.ClientPresence;
import dev.outcrop.wire.binding.ErrorAnswer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Function;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.async.SdkPublisher;

/**
 * Writes a service's events as they come, each flushed at once. When the client goes away, while an event is written or
 * between two, the subscription is cancelled, so that nobody goes on making what nobody reads.
 */
public final class EventOutput implements EventStreamResponseHandler<Object, Object> {
    private final EventBinding binding;
    private final ClientPresence client;
    private final Function<SdkPojo, OutputStream> start;
    private volatile Optional<SdkPojo> response = Optional.empty();
    private volatile Optional<OutputStream> out = Optional.empty();
    private volatile ClientPresence.Watch watch = () -> {};
    private volatile boolean gone;

    /**
     * An output.
     *
     * @param client  who reads
     * @param start   sends status and headers of a response and gives the stream of its body
     */
    public EventOutput(EventBinding binding, ClientPresence client, Function<SdkPojo, OutputStream> start) {
        this.binding = binding;
        this.client = client;
        this.start = start;
    }

    @Override
    public void responseReceived(Object received) {
        response = Optional.of((SdkPojo) received);
    }

    @Override
    public void onEventStream(SdkPublisher<Object> publisher) {
        SdkPojo head = response.orElseThrow(() -> new IllegalStateException("events came before their response"));
        OutputStream body = start.apply(head);
        out = Optional.of(body);
        if (binding.hasInitialResponse()) {
            write(body, binding.initialResponse(head));
        } else {
            flush(body);
        }
        publisher.subscribe(new Writer(body));
    }

    @Override
    public void exceptionOccurred(Throwable failure) {
        // The answer of the corridor tells the failure; see fail.
    }

    @Override
    public void complete() {
        // The answer of the corridor tells the end; see end.
    }

    /** Whether the answer has begun, so that an error can only be told in the stream. */
    public boolean hasBegun() {
        return out.isPresent();
    }

    /** Ends the stream well. */
    public void end() throws IOException {
        watch.close();
        if (out.isPresent() && !gone) {
            out.get().close();
        }
    }

    /** Ends the stream in an error. */
    public void fail(ErrorAnswer error) throws IOException {
        watch.close();
        if (out.isPresent() && !gone) {
            out.get().write(binding.encodeError(error));
            out.get().close();
        }
    }

    /** The same of a stream that has not begun, through {@code body}. */
    public void fail(ErrorAnswer error, OutputStream body) throws IOException {
        out = Optional.of(body);
        fail(error);
    }

    private boolean write(OutputStream body, byte[] message) {
        try {
            body.write(message);
            body.flush();
            return true;
        } catch (IOException | ClientGone e) {
            gone = true;
            return false;
        }
    }

    private void flush(OutputStream body) {
        try {
            body.flush();
        } catch (IOException | ClientGone e) {
            gone = true;
        }
    }

    private final class Writer implements Subscriber<Object> {
        private final OutputStream body;
        private volatile Optional<Subscription> subscription = Optional.empty();

        Writer(OutputStream body) {
            this.body = body;
        }

        @Override
        public void onSubscribe(Subscription granted) {
            subscription = Optional.of(granted);
            if (gone) {
                granted.cancel();
                return;
            }
            watch = client.onGone(() -> {
                gone = true;
                granted.cancel();
            });
            granted.request(1);
        }

        @Override
        public void onNext(Object event) {
            Subscription granted = subscription.orElseThrow();
            if (!gone && write(body, binding.encode(event))) {
                granted.request(1);
            } else {
                granted.cancel();
            }
        }

        @Override
        public void onError(Throwable failure) {
            // The answer of the corridor tells the failure; see fail.
        }

        @Override
        public void onComplete() {
            // The answer of the corridor tells the end; see end.
        }
    }
}
