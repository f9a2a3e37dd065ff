package dev.outcrop.services.eventbridge;

/** A rule and the bus that it is of. */
record RuleName(BusName bus, String name) {
    String arn() {
        return "arn:aws:events:" + bus.region() + ":" + bus.account() + ":rule/"
                + (bus.isDefault() ? name : bus.name() + "/" + name);
    }

    /** The rule with an ARN. */
    static RuleName ofArn(String arn) {
        String[] parts = arn.split(":", 6);
        if (parts.length < 6 || !parts[2].equals("events") || !parts[5].startsWith("rule/")) {
            throw Errors.invalid("Provided Arn is not in correct format.");
        }
        String path = parts[5].substring("rule/".length());
        int slash = path.lastIndexOf('/');
        BusName bus = new BusName(parts[4], parts[3], slash < 0 ? BusName.DEFAULT : path.substring(0, slash));
        return new RuleName(bus, path.substring(slash + 1));
    }
}
