package dev.outcrop.server;

import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import java.util.List;

/**
 * A family of services: how each is made, when it is first called, and what goes on while nobody calls. Making a family
 * makes none of its services.
 */
interface Family {
    /** Says which services there are. */
    void serve(ServedServices services);

    /** What its services do while nobody calls; asked for once, after the start. */
    default Background background() {
        return Background.NONE;
    }

    /** What it answers that is no operation of a service. */
    default List<Endpoint> endpoints() {
        return List.of();
    }
}
