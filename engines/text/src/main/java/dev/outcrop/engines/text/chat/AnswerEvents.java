package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.GenerationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Collects the events of one answer. */
final class AnswerEvents {
    private static final String ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    /** What Mistral's templates want; any will do for the others. */
    private static final int ID_LENGTH = 9;

    private List<GenerationEvent> events = new ArrayList<>();
    private int calls;

    void text(String text) {
        if (!text.isEmpty()) {
            events.add(new GenerationEvent.Text(text));
        }
    }

    void reasoning(String text) {
        if (!text.isEmpty()) {
            events.add(new GenerationEvent.Reasoning(text));
        }
    }

    /** A call begins; what is given as {@link #input} from now on is of this one. */
    void callStarted(String name) {
        StringBuilder id = new StringBuilder();
        for (int index = 0; index < ID_LENGTH; index++) {
            id.append(ID_CHARACTERS.charAt(ThreadLocalRandom.current().nextInt(ID_CHARACTERS.length())));
        }
        events.add(new GenerationEvent.ToolCallStarted(calls, id.toString(), name));
        calls++;
    }

    /** More of the input of the call that has begun. */
    void input(String json) {
        if (json.isEmpty()) {
            return;
        }
        if (!events.isEmpty() && events.getLast() instanceof GenerationEvent.ToolCallInput(int index, String before)) {
            events.set(events.size() - 1, new GenerationEvent.ToolCallInput(index, before + json));
        } else {
            events.add(new GenerationEvent.ToolCallInput(calls - 1, json));
        }
    }

    List<GenerationEvent> take() {
        List<GenerationEvent> taken = List.copyOf(events);
        events = new ArrayList<>();
        return taken;
    }
}
