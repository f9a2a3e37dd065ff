package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.CallContext;

/** An event bus and where it is. */
record BusName(String account, String region, String name) {
    /** The bus that every account has in every region. */
    static final String DEFAULT = "default";

    private static final String RESOURCE = "event-bus/";

    /** The bus that a request names, by its name or ARN; null is the default one. */
    static BusName of(String nameOrArn) {
        CallContext call = CallContext.current();
        String text = nameOrArn == null ? DEFAULT : nameOrArn;
        if (!text.startsWith("arn:")) {
            return new BusName(call.account(), call.region(), text);
        }
        return ofArn(text);
    }

    /** The bus with an ARN. */
    static BusName ofArn(String arn) {
        String[] parts = arn.split(":", 6);
        if (parts.length < 6 || !parts[2].equals("events") || !parts[5].startsWith(RESOURCE)) {
            throw Errors.invalid("Parameter EventBusName is not valid. Reason: Provided Arn is not in correct format.");
        }
        return new BusName(parts[4], parts[3], parts[5].substring(RESOURCE.length()));
    }

    String arn() {
        return "arn:aws:events:" + region + ":" + account + ":" + RESOURCE + name;
    }

    boolean isDefault() {
        return name.equals(DEFAULT);
    }
}
