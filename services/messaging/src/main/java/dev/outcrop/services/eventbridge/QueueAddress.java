package dev.outcrop.services.eventbridge;

/** Where a queue of SQS is. */
record QueueAddress(String account, String region, String name) {
    /** The queue with an ARN. */
    static QueueAddress ofArn(String arn) {
        String[] parts = arn.split(":", 6);
        if (parts.length < 6 || !parts[2].equals("sqs") || parts[5].isEmpty()) {
            throw Errors.invalid("Provided Arn is not in correct format.");
        }
        return new QueueAddress(parts[4], parts[3], parts[5]);
    }

    String url() {
        return "https://sqs." + region + ".amazonaws.com/" + account + "/" + name;
    }

    boolean isFifo() {
        return name.endsWith(".fifo");
    }
}
