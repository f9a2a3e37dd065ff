package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.JsonNode;

/** The types of JSON values, with the names that the three wordings of errors give them. */
public enum JsonType {
    STRING("String", "a valid string", "a string"),
    INTEGER("Integer", "a valid integer", "an integer"),
    NUMBER("Number", "a valid number", "a decimal"),
    BOOLEAN("Boolean", "a valid boolean", "a boolean"),
    ARRAY("JSONArray", "a valid list", "an array"),
    OBJECT("JSONObject", "a valid dictionary", "an object"),
    NULL("Null", "None", "null");

    private final String everit;
    private final String pydantic;
    private final String openAi;

    JsonType(String everit, String pydantic, String openAi) {
        this.everit = everit;
        this.pydantic = pydantic;
        this.openAi = openAi;
    }

    /** The type of a value. */
    static JsonType of(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> STRING;
            case NUMBER -> value.isIntegralNumber() ? INTEGER : NUMBER;
            case BOOLEAN -> BOOLEAN;
            case ARRAY -> ARRAY;
            case OBJECT -> OBJECT;
            case NULL, MISSING -> NULL;
            case BINARY, POJO ->
                throw new IllegalArgumentException("not a value of parsed JSON: " + value.getNodeType());
        };
    }

    /** As in AWS's errors. */
    public String everit() {
        return everit;
    }

    /** As in Anthropic's errors. */
    public String pydantic() {
        return pydantic;
    }

    /** As in OpenAI's errors. */
    public String openAi() {
        return openAi;
    }
}
